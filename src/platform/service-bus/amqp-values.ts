import { isDeepStrictEqual } from 'node:util';
import rhea from 'rhea';
import type { ReceivedMessage, ServiceBusMessage } from '../messaging.ts';

/** Why the SDK cannot send a message again as it arrived, or the broker would not take it. */
export class CannotBeCopied extends Error {
  override name = 'CannotBeCopied';
}

type Properties = NonNullable<ServiceBusMessage['applicationProperties']>;
type BodyType = NonNullable<ReceivedMessage['_rawAmqpMessage']['bodyType']>;

const { message: codec, types } = rhea; // the library with which the SDK writes and reads messages

/** AMQP allows one body in several data sections, which the SDK shows as an array: a handler gets one Buffer. */
export const joinSections = ({ body, _rawAmqpMessage: { bodyType } }: ReceivedMessage): unknown =>
  bodyType === 'data' && Array.isArray(body) ? Buffer.concat(body) : body;

/** A body as the SDK must be given it, so that it leaves in its AMQP section. Throws `CannotBeCopied`. */
export function bodyAgain(message: ReceivedMessage): { body: unknown; bodyType: BodyType } {
  const { bodyType = 'data', body: raw } = message._rawAmqpMessage;
  const body = joinSections(message);
  // The SDK calls a value that is binary data `data`, but only what was a data section is a section in the raw message.
  if (bodyType === 'data' && Buffer.isBuffer(raw)) return { body, bodyType: 'value' };
  if (bodyType === 'data' && Buffer.isBuffer(body)) return { body, bodyType };
  if (body === undefined) throw new CannotBeCopied('It has no body, and the SDK would send an empty value.');
  if (bodyType === 'sequence' && raw?.multiple) {
    throw new CannotBeCopied('Its body has several sequence sections, and the SDK sends one.');
  }
  const written = asWritten(body);
  if (bodyType === 'data' || !arrivesAs(body, written)) {
    throw new CannotBeCopied('Its body holds a value that the SDK would send as another one.');
  }
  return { body: written, bodyType };
}

/** Application properties as the SDK must be given them, so that they arrive as it shows them. Throws `CannotBeCopied`. */
export function propertiesAgain(properties: Readonly<Record<string, unknown>>): Properties {
  const written = Object.entries(properties).map(([name, value]) => {
    const again = propertyAgain(value);
    if (arrivesAs(value, again)) return [name, again];
    throw new CannotBeCopied(`The SDK would send its application property "${name}" with another value.`);
  });
  return Object.fromEntries(written);
}

/** Of the 64 KB that Azure allows for all that is not body: the rest is for its own fields and for the trace. */
const largestProperties = 60 * 1024;

/** Whether the broker takes a message with these application properties. */
export function hasRoomFor(properties: Readonly<Record<string, unknown>>): boolean {
  const written = Object.entries(properties).map(([name, value]) => [name, propertyAgain(value)]);
  return codec.encode({ application_properties: Object.fromEntries(written) }).length <= largestProperties;
}

/** The SDK writes every number by its value: NaN as null, one beyond a long not at all. */
const asWritten = (value: unknown): unknown =>
  typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))
    ? types.wrap_double(value)
    : value;

/**
 * The SDK shows a UUID and a decimal as 16 bytes, a number beyond 2^53 as 8, and writes all of them as binary data, which
 * Azure refuses in a property.
 */
function propertyAgain(value: unknown): unknown {
  if (!Buffer.isBuffer(value)) return asWritten(value);
  if (value.length === 16) return types.wrap_uuid(value);
  return value.length === 8 ? types.wrap_ulong(value) : value;
}

/** In a list: the codec would take the description from a described value that is a body by itself. */
function arrivesAs(shown: unknown, written: unknown): boolean {
  try {
    return isDeepStrictEqual(codec.decode(codec.encode({ body: [written] })).body, [shown]);
  } catch {
    return false;
  }
}
