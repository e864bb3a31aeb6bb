import { createHash, randomUUID } from 'node:crypto';
import { MalformedError } from '../../src/platform/errors.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../src/platform/messaging.ts';
import { Problem } from '../../src/platform/problem.ts';

/** The two depots of the business, and one that it cannot deliver to. */
export const depots = ['north', 'south', 'nowhere'] as const;
export type Depot = (typeof depots)[number];

export interface Parcel {
  depot: Depot;
  content: string;
}

/** The id of a parcel that was posted under a key: a repeat has the same. */
export const parcelIdOf = (key: string | undefined, content = 'content'): string =>
  key === undefined
    ? randomUUID()
    : createHash('sha256')
        .update(JSON.stringify([key, content]))
        .digest('hex');

/** Throws a `Problem` (400) when the body is not the JSON of a parcel. */
export function readParcel(body: unknown): Parcel {
  const { depot, content } = jsonOf(body) as Partial<Record<string, unknown>>;
  if (!depots.some((known) => known === depot)) throw invalid(`depot must be one of ${depots.join(', ')}`);
  if (typeof content !== 'string' || content === '') throw invalid('content must be a text of at least one character');
  return { depot: depot as Depot, content };
}

function jsonOf(body: unknown): object {
  try {
    const json: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : body;
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // Told below.
  }
  throw invalid('The body must be a JSON object');
}

const invalid = (detail: string) =>
  new Problem({ type: 'invalid-parcel', title: 'Invalid parcel', status: 400, detail });

export const toMessage = (parcelId: string, { depot, content }: Parcel): ServiceBusMessage => ({
  messageId: parcelId,
  body: { depot, content },
  contentType: 'application/json',
  applicationProperties: { 'parcel-id': parcelId },
});

/** Throws `MalformedError` when the message was not written by `toMessage`. */
export function fromMessage({ body, applicationProperties = {} }: ReceivedMessage): Parcel & { parcelId: string } {
  const { 'parcel-id': parcelId } = applicationProperties;
  const { depot, content } = fields(body);
  if (typeof parcelId !== 'string') throw new MalformedError('The message has no application property parcel-id.');
  if (typeof content !== 'string') throw new MalformedError('The message is no parcel.');
  return { parcelId, depot: depot as Depot, content };
}

/** JSON as the SDK hands it over: parsed, or as bytes. */
function fields(body: unknown): Record<string, unknown> {
  const value: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : body;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
