import { isDeepStrictEqual } from 'node:util';
import rhea from 'rhea';
import type { ReceivedMessage, ServiceBusMessage } from '../messaging.ts';

/** The SDK cannot send a message as it arrived, or the broker would refuse it. The text says why. */
export class CannotBeCopied extends Error {
  override name = 'CannotBeCopied';
}

type Properties = NonNullable<ServiceBusMessage['applicationProperties']>;
type BodyType = NonNullable<ReceivedMessage['_rawAmqpMessage']['bodyType']>;

const { message: codec, types } = rhea; // the library with which the SDK writes and reads messages

/** The body. AMQP allows several data sections, which the SDK shows as an array: they become one Buffer. */
export const joinSections = ({ body, _rawAmqpMessage: { bodyType } }: ReceivedMessage): unknown =>
  bodyType === 'data' && Array.isArray(body) ? Buffer.concat(body) : body;

/** The body in the form in which the SDK sends it in the same AMQP section. Throws `CannotBeCopied`. */
export function bodyAgain(message: ReceivedMessage): { body: unknown; bodyType: BodyType } {
  const { bodyType = 'data', body: raw } = message._rawAmqpMessage;
  const body = joinSections(message);
  // The SDK says `data` also for a value section with binary data. In that case the raw body is the Buffer itself.
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

/** Application properties in the form in which the SDK sends them unchanged. Throws `CannotBeCopied`. */
export function propertiesAgain(properties: Readonly<Record<string, unknown>>): Properties {
  const written = Object.entries(properties).map(([name, value]) => {
    const again = propertyAgain(value);
    if (arrivesAs(value, again)) return [name, again];
    throw new CannotBeCopied(`The SDK would send its application property "${name}" with another value.`);
  });
  return Object.fromEntries(written);
}

/** Azure allows 64 KB for everything but the body. The rest is for the message's fields and the trace. */
const largestProperties = 60 * 1024;

/** Whether the broker accepts a message with these application properties. */
export function hasRoomFor(properties: Readonly<Record<string, unknown>>): boolean {
  const written = Object.entries(properties).map(([name, value]) => [name, propertyAgain(value)]);
  return codec.encode({ application_properties: Object.fromEntries(written) }).length <= largestProperties;
}

/**
 * The SDK chooses the AMQP type by the value of a number: it sends NaN as null and fails for a number beyond a long.
 */
const asWritten = (value: unknown): unknown =>
  typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))
    ? types.wrap_double(value)
    : value;

/**
 * The SDK shows a UUID and a decimal as 16 bytes and a number beyond 2^53 as 8 bytes. It sends bytes as binary data,
 * which Azure refuses in a property.
 */
function propertyAgain(value: unknown): unknown {
  if (!Buffer.isBuffer(value)) return asWritten(value);
  if (value.length === 16) return types.wrap_uuid(value);
  return value.length === 8 ? types.wrap_ulong(value) : value;
}

/** The value is put into a list, because the codec drops the descriptor of a described value that is the whole body. */
function arrivesAs(shown: unknown, written: unknown): boolean {
  try {
    return isDeepStrictEqual(codec.decode(codec.encode({ body: [written] })).body, [shown]);
  } catch {
    return false;
  }
}
