import { hostname } from 'node:os';
import { addToHistory } from '../../observability/modules/dead-letters/history.ts';
import { property } from '../../platform/message-properties.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../platform/messaging.ts';
import { copyMessage } from '../../platform/service-bus/copy-message.ts';
import type { Actor } from './audit.ts';
import type { DeadLetter } from './dead-letter.ts';

/** They say how a message died; on one that lives they would be lies. */
const ofTheDead = [property.attempts, property.fingerprint, property.serviceVersion, property.parked];

const longestReason = 128; // of a history entry
const longestActor = 64;

/** The properties that a replay writes, whether it goes to the queue or is handled in place. */
export function replayProperties(message: ReceivedMessage, { facts }: DeadLetter, { name, replayId = '' }: Actor) {
  return {
    [property.replayCount]: facts.replays + 1,
    [property.replayId]: replayId,
    [property.replayActor]: name.slice(0, longestActor),
    [property.history]: addToHistory(message.applicationProperties, {
      time: new Date().toISOString(),
      attempt: facts.attempts,
      outcome: 'replayed',
      reason: (facts.reason ?? 'Unknown').slice(0, longestReason),
      host: hostname(),
    }),
  };
}

/**
 * The message as it goes back to work: the next copy of its file, with attempts counted anew and the trace that it had.
 * Its id names that copy, so a repetition of this replay after a crash is dropped by duplicate detection.
 */
export function replayCopy(message: ReceivedMessage, dead: DeadLetter, actor: Actor): ServiceBusMessage {
  const properties = replayProperties(message, dead, actor);
  const { scheduledEnqueueTimeUtc: _, ...copy } = copyMessage(
    { message, source: dead.source },
    { at: new Date(), attempt: 1, properties },
  );
  const kept = Object.entries(copy.applicationProperties ?? {}).filter(
    ([name]) => !ofTheDead.some((own) => own === name),
  );
  return { ...copy, applicationProperties: Object.fromEntries(kept) };
}
