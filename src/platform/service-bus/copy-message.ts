import type { MessageSource, Properties, ReceivedMessage, ServiceBusMessage } from '../messaging.ts';

const brokersOwn = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

interface CopyOptions {
  at: Date;
  attempt: number;
  properties?: Properties | undefined;
}

/** Where copies of its messages go. A topic would give a copy to every subscription, so a subscription has a queue for them. */
export const copyQueueOf = ({ queue, topic, subscription }: MessageSource) => queue ?? `${topic}.${subscription}.retry`;

/**
 * The same message again, at a later time. Its id names the intended copy, `<file id>:<copy>`: who repeats this step
 * after a crash repeats the id, so duplicate detection drops the repetition and never the retry.
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
  return {
    body,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    messageId: `${baseId(message)}:${copy}`,
    scheduledEnqueueTimeUtc: at,
    applicationProperties: { ...Object.fromEntries(kept), ...properties, attempt, copy },
  };
}

function copyOf({ applicationProperties }: ReceivedMessage): number {
  const copy = Number(applicationProperties?.copy);
  return Number.isInteger(copy) && copy > 1 ? copy : 1;
}

function baseId(message: ReceivedMessage): string {
  const fileId = message.applicationProperties?.['file-id'];
  if (typeof fileId === 'string' && fileId) return fileId;
  const id = String(message.messageId);
  const suffix = `:${copyOf(message)}`;
  return id.endsWith(suffix) && copyOf(message) > 1 ? id.slice(0, -suffix.length) : id;
}
