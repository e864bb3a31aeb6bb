import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import rhea from 'rhea';
import { bodyOf, countIn, idText, originalIdOf, ownPrefix, timeIn } from '../../../platform/message-properties.ts';
import type { Cause, Properties, ReceivedMessage, ServiceBusMessage } from '../../../platform/messaging.ts';
import { property } from './properties.ts';

/** The SDK cannot send a message as it arrived, or the broker would refuse it. The text says why. */
export class CannotBeCopied extends Error {
  override name = 'CannotBeCopied';
}

export interface CopyOptions {
  at: Date;
  attempt: number;
  properties?: Properties | undefined;
}

type Sent = NonNullable<ServiceBusMessage['applicationProperties']>;
type Shown = Readonly<Record<string, unknown>>;

const { message: codec, types } = rhea; // the library with which the SDK writes and reads messages

/**
 * A copy of a message, due at `at`. Body and properties are the same, the original id is in a property, and its time to
 * live ends when that of the first message ends. Throws `CannotBeCopied`.
 */
export function copyMessage(cause: Cause, { at, attempt, properties }: CopyOptions): ServiceBusMessage {
  const { message } = cause;
  const { DeadLetterReason: _, DeadLetterErrorDescription: __, ...kept } = message.applicationProperties ?? {};
  const copy = (countIn(kept, property.copy) || 1) + 1;
  const carried = { ...kept, ...properties };
  const own = { [property.originalId]: originalIdOf(message), [property.attempt]: attempt, [property.copy]: copy };
  const applicationProperties = { ...propertiesAgain(carried), ...own };
  checkRoom(applicationProperties, 'copy');
  const end = timeIn(carried, property.expiresAt);
  return {
    ...bodyAgain(message),
    ...fieldsAgain(message),
    // At least 1 ms: the SDK does not send a time to live of 0, and a copy without one would live for ever.
    ...(end && { timeToLive: Math.max(1, end.getTime() - at.getTime()) }),
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

/**
 * Azure allows 64 KB for everything but the body. The rest is for the message's fields and the trace. A copy leaves room
 * for what its dead letter adds: otherwise a message could be neither dead-lettered nor ended, and be copied for ever.
 */
const largest = { copy: 52 * 1024, deadLetter: 60 * 1024 };

/** Throws `CannotBeCopied` when the broker would refuse a message with these application properties. */
export function checkRoom(properties: Shown, kind: keyof typeof largest): void {
  if (codec.encode({ application_properties: asSent(properties) }).length <= largest[kind]) return;
  throw new CannotBeCopied('Its application properties leave no room for those of the service.');
}

function fieldsAgain(message: ReceivedMessage) {
  const { contentType, correlationId, subject, to, replyTo, replyToSessionId, sessionId, partitionKey } = message;
  const { contentEncoding, groupSequence } = message._rawAmqpMessage.properties ?? {};
  if (contentEncoding !== undefined) throw new CannotBeCopied('It has a content encoding, which the SDK would drop.');
  if (groupSequence !== undefined) throw new CannotBeCopied('It has a group sequence, which the SDK would drop.');
  if (Buffer.isBuffer(correlationId) && correlationId.length !== 16)
    throw new CannotBeCopied('Its correlation id is binary data, which the SDK would send as a UUID.');
  const { timeToLive } = message;
  const fields = { contentType, correlationId, subject, to, replyTo, replyToSessionId, sessionId, partitionKey };
  return Object.fromEntries(Object.entries({ ...fields, timeToLive }).filter(([, value]) => value !== undefined));
}

/** The body in the form in which the SDK sends it in the same AMQP section. */
function bodyAgain(message: ReceivedMessage): Pick<ReceivedMessage, 'body'> {
  const { bodyType = 'data', body: raw } = message._rawAmqpMessage;
  const body = bodyOf(message);
  // The SDK says `data` also for a value section with binary data. In that case the raw body is the Buffer itself.
  if (bodyType === 'data' && Buffer.isBuffer(body)) return Buffer.isBuffer(raw) ? inSection(body, 'value') : { body };
  if (body === undefined) throw new CannotBeCopied('It has no body, and the SDK would send an empty value.');
  if (bodyType === 'sequence' && raw?.multiple)
    throw new CannotBeCopied('Its body has several sequence sections, and the SDK sends one.');
  const sent = numberAsSent(body);
  if (bodyType !== 'data' && arrivesAs(body, sent)) return inSection(sent, bodyType);
  throw new CannotBeCopied('Its body holds a value that the SDK would send as another one.');
}

/** The SDK reads the body type from here. Without it a text body, as JMS sends it, would arrive as JSON with quotes. */
const inSection = (body: unknown, bodyType: ReceivedMessage['_rawAmqpMessage']['bodyType']) => ({
  body,
  _rawAmqpMessage: { bodyType },
});

/** Application properties in the form in which the SDK sends them unchanged. */
function propertiesAgain(properties: Shown): Sent {
  const sent = asSent(properties);
  const changed = Object.keys(properties).find((name) => !arrivesAs(properties[name], sent[name]));
  if (changed === undefined) return sent;
  throw new CannotBeCopied(`The SDK would send its application property "${changed}" with another value.`);
}

/**
 * The SDK shows a UUID and a decimal as 16 bytes and a number beyond 2^53 as 8 bytes. It sends bytes as binary data,
 * which Azure refuses in a property.
 */
function asSent(properties: Shown): Sent {
  const again = (value: unknown) => {
    if (!Buffer.isBuffer(value)) return numberAsSent(value);
    if (value.length === 16) return types.wrap_uuid(value);
    return value.length === 8 ? types.wrap_ulong(value) : value;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, again(value)])) as Sent;
}

/** The SDK chooses the AMQP type by the value of a number: it sends NaN as null and fails for a number beyond a long. */
const numberAsSent = (value: unknown): unknown =>
  typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))
    ? types.wrap_double(value)
    : value;

/** The value is put into a list, because the codec drops the descriptor of a described value that is the whole body. */
function arrivesAs(shown: unknown, sent: unknown): boolean {
  try {
    return isDeepStrictEqual(codec.decode(codec.encode({ body: [sent] })).body, [shown]);
  } catch {
    return false;
  }
}
