import { traceNames } from '../../observability/modules/correlation/envelope.ts';
import { type HistoryEntry, readHistory } from '../../observability/modules/dead-letters/history.ts';
import { redactText } from '../../observability/modules/structured-logs/redact-text.ts';
import { countIn, originalIdOf, property, textIn } from '../../platform/message-properties.ts';
import type { MessageSource, ReceivedMessage } from '../../platform/messaging.ts';

/** A dead letter as `list` prints it. What a message does not carry, as at level 1, is null. */
export interface DeadLetterFacts {
  id: string;
  sequence: number | string;
  reason: string | null;
  fingerprint: string | null;
  description: string | null;
  attempts: number;
  firstFailure: string | null;
  deadLetteredAt: string | null;
  correlationId: string | null;
  traceId: string | null;
  replays: number;
  parked: boolean;
}

/** One dead letter, where it lies, and what only its story needs. */
export interface DeadLetter {
  facts: DeadLetterFacts;
  source: MessageSource;
  /** Equal on every copy. */
  fileId: string;
  key: string;
  history: HistoryEntry[];
}

const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** Identifies a dead letter within its source. */
export const keyOf = ({ sequenceNumber }: ReceivedMessage): string => String(sequenceNumber);

/** Reads a message that anybody may have written. Never throws. */
export function readDeadLetter(source: MessageSource, message: ReceivedMessage): DeadLetter {
  const { applicationProperties: properties, enqueuedTimeUtc, deliveryCount = 0 } = message;
  const id = originalIdOf(message);
  const key = keyOf(message);
  const history = readHistory(properties);
  const put = history.findLast(({ outcome }) => outcome === 'dead-lettered')?.time;
  const description = message.deadLetterErrorDescription;
  const traces = traceNames.map((name) => traceparent.exec(textIn(properties, name) ?? '')?.[1]);
  return {
    source,
    key,
    history,
    fileId: textIn(properties, 'file-id') ?? id,
    facts: {
      id,
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
