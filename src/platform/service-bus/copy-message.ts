import { createHash } from 'node:crypto';
import { countIn, idText, originalIdOf, ownPrefix, property, timeIn } from '../message-properties.ts';
import type { Cause, Properties, ReceivedMessage, ServiceBusMessage } from '../messaging.ts';
import { bodyAgain, CannotBeCopied, hasRoomFor, propertiesAgain } from './amqp-values.ts';

const brokersOwn = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

interface CopyOptions {
  at: Date;
  attempt: number;
  properties?: Properties | undefined;
}

/**
 * A copy of a message, due at `at`. Body and properties are the same, the original id is in a property, and its time to
 * live ends when that of the first message ends. Throws `CannotBeCopied`.
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
    // The SDK reads the body type from here. Without it a text body, as JMS sends it, would arrive as JSON with quotes.
    ...(bodyType !== 'data' && { _rawAmqpMessage: { bodyType } }),
    ...fieldsAgain(message),
    ...lifeUntil(timeIn(carried, property.expiresAt), at),
    messageId: copyId(cause, copy),
    scheduledEnqueueTimeUtc: at,
    applicationProperties,
  };
}

/**
 * The id is a hash of the message and the number of the copy. A copy that is sent again after a crash has the same id,
 * so duplicate detection drops it. No sender makes such an id by accident. The sequence number is part of the hash,
 * because two messages may have been sent with the same id.
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

/** At least 1 ms: the SDK does not send a time to live of 0, and a copy without one would live for ever. */
const lifeUntil = (end: Date | undefined, at: Date) => end && { timeToLive: Math.max(1, end.getTime() - at.getTime()) };
