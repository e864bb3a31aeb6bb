import { createHash } from 'node:crypto';
import { countIn, idText, originalIdOf, ownPrefix, property, timeIn } from '../message-properties.ts';
import type { Cause, MessageSource, Properties, ReceivedMessage, ServiceBusMessage } from '../messaging.ts';
import { bodyAgain, CannotBeCopied, hasRoomFor, propertiesAgain } from './amqp-values.ts';

const brokersOwn = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

interface CopyOptions {
  at: Date;
  attempt: number;
  properties?: Properties | undefined;
}

/** Where copies of its messages go. A topic would give a copy to every subscription, so a subscription has a queue for them. */
export const copyQueueOf = ({ queue, topic, subscription }: MessageSource) => queue ?? `${topic}.${subscription}.retry`;

/**
 * The same message again, at a later time: its body, its properties, the id that its sender gave (in a property) and
 * the end of its life. Throws `CannotBeCopied`.
 */
export function copyMessage(cause: Cause, { at, attempt, properties }: CopyOptions): ServiceBusMessage {
  const { message } = cause;
  const copy = (countIn(message.applicationProperties, property.copy) || 1) + 1;
  const kept = Object.entries(message.applicationProperties ?? {}).filter(([name]) => !brokersOwn.has(name));
  const carried = { ...Object.fromEntries(kept), ...properties };
  const applicationProperties = {
    ...propertiesAgain(carried),
    [property.originalId]: originalIdOf(message),
    [property.attempt]: attempt,
    [property.copy]: copy,
  };
  if (!hasRoomFor(applicationProperties)) {
    throw new CannotBeCopied('Its application properties leave no room for those of a copy.');
  }
  const { body, bodyType } = bodyAgain(message);
  return {
    body,
    // The SDK looks for it there; without it a text of JMS would arrive as JSON, quotes included.
    ...(bodyType !== 'data' && { _rawAmqpMessage: { bodyType } }),
    ...fieldsAgain(message),
    ...lifeUntil(timeIn(carried, property.expiresAt), at),
    messageId: copyId(cause, copy),
    scheduledEnqueueTimeUtc: at,
    applicationProperties,
  };
}

/**
 * No sender makes such an id by accident. The message itself and the number of the copy decide it: repeating this step
 * after a crash repeats the id, so that duplicate detection drops the repetition. The sequence number tells messages
 * apart that were sent with the same id, one after the other.
 */
function copyId({ message, source }: Cause, copy: number): string {
  const step = JSON.stringify([source.name, String(message.sequenceNumber), idText(message.messageId), copy]);
  return ownPrefix + createHash('sha256').update(step).digest('hex');
}

function fieldsAgain(message: ReceivedMessage) {
  const { contentType, correlationId, subject, to, replyTo, replyToSessionId, sessionId, partitionKey } = message;
  const { contentEncoding, groupSequence } = message._rawAmqpMessage.properties ?? {};
  if (contentEncoding !== undefined) throw new CannotBeCopied('It has a content encoding, which the SDK would drop.');
  if (groupSequence !== undefined) throw new CannotBeCopied('It has a group sequence, which the SDK would drop.');
  if (Buffer.isBuffer(correlationId) && correlationId.length !== 16) {
    throw new CannotBeCopied('Its correlation id is binary data, which the SDK would send as a UUID.');
  }
  const { timeToLive } = message;
  const fields = { contentType, correlationId, subject, to, replyTo, replyToSessionId, sessionId, partitionKey };
  return Object.fromEntries(Object.entries({ ...fields, timeToLive }).filter(([, value]) => value !== undefined));
}

/** The SDK leaves a time to live of 0 out, which would mean for ever; so a copy that comes too late ends at once. */
const lifeUntil = (end: Date | undefined, at: Date) => end && { timeToLive: Math.max(1, end.getTime() - at.getTime()) };
