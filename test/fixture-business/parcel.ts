import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { MalformedError } from '../../src/platform/errors.ts';
import { jsonOf } from '../../src/platform/json-body.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../src/platform/messaging.ts';

/** The two depots of the business, and one that it cannot deliver to. */
export const depots = ['north', 'south', 'nowhere'] as const;
export type Depot = (typeof depots)[number];

export const parcelSchema = z.object({ depot: z.enum(depots), content: z.string().min(1) });
export type Parcel = z.output<typeof parcelSchema>;

/** The id of a parcel that was posted under a key: a repeat has the same. */
export const parcelIdOf = (key: string | undefined, content = 'content'): string =>
  key === undefined
    ? randomUUID()
    : createHash('sha256')
        .update(JSON.stringify([key, content]))
        .digest('hex');

export const toMessage = (parcelId: string, { depot, content }: Parcel): ServiceBusMessage => ({
  messageId: parcelId,
  body: { depot, content },
  contentType: 'application/json',
  applicationProperties: { 'parcel-id': parcelId },
});

/** Throws `MalformedError` when the message was not written by `toMessage`. */
export function fromMessage(message: ReceivedMessage): Parcel & { parcelId: string } {
  const parcelId = message.applicationProperties?.['parcel-id'];
  if (typeof parcelId !== 'string') throw new MalformedError('The message has no application property parcel-id.');
  return { parcelId, ...jsonOf(message, parcelSchema) };
}
