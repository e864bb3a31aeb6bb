import { BrokerError, conditions } from './broker-error.ts';

const LARGEST_PROPERTY = 32 * 1024;
const LARGEST_HEADER = 64 * 1024;

/** Throws what Azure answers for an application property that is larger than 32 KB: nothing that names the reason. */
export function checkProperties(properties: Readonly<Record<string, unknown>>): void {
  if (Object.values(properties).every((value) => sizeOf(value) <= LARGEST_PROPERTY)) return;
  throw new BrokerError(
    conditions.internal,
    'The service was unable to process the request; please retry the operation.',
  );
}

/** Throws what Azure answers when all that is not body takes more than 64 KB. */
export function checkHeader(bytes: number): void {
  if (bytes <= LARGEST_HEADER) return;
  throw tooLarge(`The size quota for this stream (${LARGEST_HEADER}) has been exceeded.`);
}

/** Azure takes no binary data in an application property, and calls it too large. */
export const binaryProperty = (name: string): BrokerError => tooLarge(`The property '${name}' is binary data.`);

/** What properties that a settlement adds take, about. */
export const bytesOf = (properties: Readonly<Record<string, unknown>>): number =>
  Object.entries(properties).reduce((sum, [name, value]) => sum + sizeOf(name) + sizeOf(value), 0);

const sizeOf = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 9);

const tooLarge = (why: string): BrokerError =>
  new BrokerError(
    conditions.tooLarge,
    `A serialization error occurred while processing the message header stream. The serialization process return the following message: ${why}`,
  );
