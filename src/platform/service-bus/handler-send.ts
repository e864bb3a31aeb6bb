import { createHash } from 'node:crypto';
import { originalIdOf, ownPrefix, property, timeIn } from '../message-properties.ts';
import type { Delivery, Send } from '../messaging.ts';

/**
 * `send` for one run of a handler. A message without an id gets a hash of the handled message, the target and the
 * number of the message for that target. A redelivery and a copy lead to the same hash, so that duplicate detection
 * drops what an earlier try has sent. The time is part of it, because two messages may have been sent with one id.
 */
export function sendFrom({ message, handles }: Delivery, send: Send): Send {
  const since = timeIn(message.applicationProperties, property.firstEnqueuedAt) ?? message.enqueuedTimeUtc;
  const handled = [handles, originalIdOf(message), since?.toISOString()];
  const counts = new Map<string, number>();
  return (entity, outgoing) => {
    const number = (counts.get(entity) ?? 0) + 1;
    counts.set(entity, number);
    const hash = createHash('sha256').update(JSON.stringify([...handled, entity, number]));
    return send(entity, { ...outgoing, messageId: outgoing.messageId ?? ownPrefix + hash.digest('hex') });
  };
}
