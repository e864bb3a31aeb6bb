import { createHash } from 'node:crypto';
import type { MessageSource, Properties, ReceivedMessage, ServiceBusMessage } from '../messaging.ts';

const longestBase = 120; // of 128 characters that an id may have
const brokersOwn = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

interface CopyOptions {
  at: Date;
  attempt: number;
  properties?: Properties | undefined;
}

/** Where copies of its messages go. A topic would give a copy to every subscription, so a subscription has a queue for them. */
export const copyQueueOf = ({ queue, topic, subscription }: MessageSource) => queue ?? `${topic}.${subscription}.retry`;

/**
 * The same message again, at a later time. Its id names the intended copy, `<message id of the first>:<copy>`: who
 * repeats this step after a crash repeats the id, so duplicate detection drops the repetition and never the retry.
 */
export function copyMessage(message: ReceivedMessage, { at, attempt, properties }: CopyOptions): ServiceBusMessage {
  const { body, contentType, correlationId, subject, to, replyTo, replyToSessionId, sessionId, partitionKey } = message;
  const { timeToLive, applicationProperties = {} } = message;
  const copy = copyOf(message) + 1;
  const fields = {
    contentType,
    correlationId,
    subject,
    to,
    replyTo,
    replyToSessionId,
    sessionId,
    partitionKey,
    timeToLive,
  };
  const kept = Object.entries(applicationProperties).filter(([name]) => !brokersOwn.has(name));
  const { bodyType = 'data' } = message._rawAmqpMessage;
  return {
    body,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    // The SDK looks for it there; without it a text of JMS would arrive as JSON, quotes included.
    ...(bodyType !== 'data' && { _rawAmqpMessage: { bodyType } }),
    messageId: `${baseId(message)}:${copy}`,
    scheduledEnqueueTimeUtc: at,
    applicationProperties: { ...Object.fromEntries(kept), ...properties, attempt, copy },
  };
}

function copyOf({ applicationProperties }: ReceivedMessage): number {
  const copy = Number(applicationProperties?.copy);
  return Number.isInteger(copy) && copy > 1 ? copy : 1;
}

/**
 * Of the message, not of its file: of a file that is sent in parts, each part has copies of its own, and one id for all
 * of them would have duplicate detection drop all but one.
 */
function baseId(message: ReceivedMessage): string {
  const id = String(message.messageId);
  const suffix = `:${copyOf(message)}`;
  const base = id.endsWith(suffix) && copyOf(message) > 1 ? id.slice(0, -suffix.length) : id;
  return base.length <= longestBase ? base : createHash('sha256').update(base).digest('hex');
}
