import { hostname } from 'node:os';
import { copyMessage } from '../../src/observability/modules/dead-letters/copy-message.ts';
import { addToHistory } from '../../src/observability/modules/dead-letters/history.ts';
import { property } from '../../src/observability/modules/dead-letters/properties.ts';
import { timeIn } from '../../src/platform/message-properties.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../src/platform/messaging.ts';
import type { Actor } from './audit.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Properties that a replay removes: they describe the last failure, or the end of the old time to live. */
const ofTheDeadLetter: readonly string[] = [
  ...[property.attempts, property.fingerprint, property.serviceVersion, property.parked, property.expiresAt],
];

const longestReason = 128; // characters in a history entry
const longestActor = 64;

/**
 * The copy that a replay sends, with the trace of the message. Attempts, time to live and `retry.giveUpAfterHours`
 * start anew. If the replay is repeated after a crash, the copy has the same message id, so that duplicate detection
 * drops it. Throws `CannotBeCopied`.
 */
export function replayCopy({ source, message, facts }: DeadLetter, { name, replayId }: Actor): ServiceBusMessage {
  const now = new Date();
  const properties = {
    [property.firstEnqueuedAt]: now.toISOString(),
    [property.replayCount]: facts.replays + 1,
    [property.replayId]: replayId ?? '',
    [property.replayActor]: name.slice(0, longestActor),
    [property.history]: addToHistory(message.applicationProperties, {
      time: now.toISOString(),
      attempt: facts.attempts,
      outcome: 'replayed',
      reason: (facts.reason ?? 'Unknown').slice(0, longestReason),
      host: hostname(),
    }),
  };
  const copied = copyMessage({ source, message }, { at: now, attempt: 1, properties });
  const { scheduledEnqueueTimeUtc: _, timeToLive: __, applicationProperties = {}, ...copy } = copied;
  const kept = Object.entries(applicationProperties).filter(
    ([propertyName]) => !ofTheDeadLetter.includes(propertyName),
  );
  const timeToLive = wholeTimeToLive(message);
  return {
    ...copy,
    applicationProperties: Object.fromEntries(kept),
    ...(timeToLive !== undefined && { timeToLive }),
  };
}

/** The time to live that the sender set, in milliseconds: a copy has only the rest of it. Undefined: no limit. */
function wholeTimeToLive({ applicationProperties, timeToLive }: ReceivedMessage): number | undefined {
  const first = timeIn(applicationProperties, property.firstEnqueuedAt)?.getTime() ?? Number.NaN;
  const end = timeIn(applicationProperties, property.expiresAt)?.getTime() ?? Number.NaN;
  return end > first ? end - first : timeToLive;
}
