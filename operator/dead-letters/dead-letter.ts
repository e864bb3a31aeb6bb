import { traceNames } from '../../src/observability/modules/correlation/envelope.ts';
import { readHistory } from '../../src/observability/modules/dead-letters/history.ts';
import { property } from '../../src/observability/modules/dead-letters/properties.ts';
import { redactText } from '../../src/observability/modules/structured-logs/redact-text.ts';
import { countIn, originalIdOf, textIn } from '../../src/platform/message-properties.ts';
import type { MessageSource, ReceivedMessage } from '../../src/platform/messaging.ts';

const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** Identifies a dead letter within its source. */
export const keyOf = ({ sequenceNumber }: ReceivedMessage): string => String(sequenceNumber);

export type DeadLetter = ReturnType<typeof readDeadLetter>;

/** Reads a dead letter. Properties with unexpected values count as absent. Never throws. */
export function readDeadLetter(source: MessageSource, message: ReceivedMessage) {
  const { applicationProperties: properties, enqueuedTimeUtc, deliveryCount = 0 } = message;
  const key = keyOf(message);
  const history = readHistory(properties);
  const put = history.findLast(({ outcome }) => outcome === 'dead-lettered')?.time;
  const description = message.deadLetterErrorDescription;
  const traces = traceNames.map((name) => traceparent.exec(textIn(properties, name) ?? '')?.[1]);
  return {
    ...{ source, message, history },
    /** The fields that `list` prints. A field that the message does not have, as at level 1, is null. */
    facts: {
      /** The original id. */
      id: originalIdOf(message),
      sequence: Number.isSafeInteger(Number(key)) ? Number(key) : key,
      reason: message.deadLetterReason ?? null,
      fingerprint: textIn(properties, property.fingerprint) ?? null,
      description: description === undefined ? null : redactText(description),
      attempts: countIn(properties, property.attempts) || deliveryCount,
      firstFailure: textIn(properties, property.firstFailure) ?? null,
      deadLetteredAt: put ?? enqueuedTimeUtc?.toISOString() ?? null,
      correlationId: message.correlationId === undefined ? null : String(message.correlationId),
      traceId: traces.find((trace) => trace !== undefined) ?? null,
      replays: countIn(properties, property.replayCount),
      parked: properties?.[property.parked] === true,
    },
  };
}
