import { randomUUID } from 'node:crypto';
import type { Clock } from './broker-clock.ts';
import { BrokerError, conditions } from './broker-error.ts';
import type { Deadlines } from './deadlines.ts';
import { createHeap } from './heap.ts';
import type { QueuedMessage } from './message.ts';
import type { MessageIndex } from './message-index.ts';
import { bytesOf, checkHeader, checkProperties } from './property-limits.ts';
import type { QueueSettings } from './queue-settings.ts';

export type ReceiveMode = 'peek-lock' | 'receive-and-delete';
type Properties = Readonly<Record<string, unknown>>;

/** How a receiver ends a delivery. Properties are merged into the message's application properties. */
export type Disposition =
  | { readonly kind: 'complete' }
  | { readonly kind: 'abandon'; readonly properties: Properties }
  /** Back to its place without a failed delivery. */
  | { readonly kind: 'release' }
  | { readonly kind: 'dead-letter'; readonly properties: Properties };

export interface Deliveries {
  /** Makes a message receivable. */
  offer(message: QueuedMessage): void;
  /** The receivable message with the lowest number: locked, or in receive-and-delete mode already gone. */
  take(mode: ReceiveMode): QueuedMessage | undefined;
  /** Throws `BrokerError` when the lock is gone, the disposition is not allowed here, or its properties find no room. */
  settle(token: string, disposition: Disposition): void;
  /** Starts the lock anew and answers its end (milliseconds since 1970). Throws `BrokerError` when it is gone. */
  renew(token: string): number;
  /** Ends a lock as its expiry does. */
  loseLock(token: string): void;
  /** A lock or a message has come to its end. */
  expire(message: QueuedMessage): void;
  clear(): void;
}

export interface DeliveriesOptions {
  clock: Clock;
  settings: QueueSettings;
  index: MessageIndex;
  deadlines: Deadlines;
  onAvailable(): void;
  /** Takes a message that was removed from here; absent inside a dead-letter queue. */
  deadLetter: ((message: QueuedMessage, properties: Properties) => void) | undefined;
}

/** The way out of a queue: locks, settlement, failed deliveries, expiry. Locks belong to the queue, not to a link. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { clock, settings, index, deadlines, onAvailable, deadLetter } = options;
  const available = createHeap<number>((a, b) => a < b);
  const locks = new Map<string, QueuedMessage>();

  const moveToDeadLetters = (message: QueuedMessage, properties: Properties): void => {
    index.remove(message.sequenceNumber);
    deadLetter?.(message, properties);
  };

  const endLife = (message: QueuedMessage): void => {
    if (deadLetter && settings.deadLetterOnExpiration) {
      moveToDeadLetters(message, {
        DeadLetterReason: 'TTLExpiredException',
        DeadLetterErrorDescription: 'The message expired and was dead lettered.',
      });
    } else {
      index.remove(message.sequenceNumber);
    }
  };

  const offer = (message: QueuedMessage): void => {
    if (message.expiresAt <= clock.now()) {
      endLife(message);
    } else {
      available.push(message.sequenceNumber);
      onAvailable();
    }
  };

  const unlock = (message: QueuedMessage): void => {
    if (message.lock) locks.delete(message.lock.token);
    message.lock = undefined;
  };

  /** Judged when a delivery fails, not at the next one. Inside a dead-letter queue failures are not counted. */
  const fail = (message: QueuedMessage): void => {
    unlock(message);
    if (deadLetter) message.deliveryCount += 1;
    if (deadLetter && message.deliveryCount >= settings.maxDeliveryCount) {
      moveToDeadLetters(message, {
        DeadLetterReason: 'MaxDeliveryCountExceeded',
        DeadLetterErrorDescription: `Message could not be consumed after ${message.deliveryCount} delivery attempts.`,
      });
    } else {
      offer(message);
    }
  };

  const locked = (token: string): QueuedMessage => {
    deadlines.sweep();
    const message = locks.get(token);
    if (message) return message;
    throw new BrokerError(
      conditions.lockLost,
      'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
    );
  };

  /** The lock runs on when it throws. */
  const checkChange = ({ content, changedProperties }: QueuedMessage, properties: Properties): void => {
    const { header, annotations, properties: own, applicationProperties } = content.sections;
    const sent = [header, annotations, own, applicationProperties];
    checkProperties(properties);
    checkHeader(
      sent.reduce((sum, part) => sum + (part?.length ?? 0), bytesOf({ ...changedProperties, ...properties })),
    );
  };

  const change = (message: QueuedMessage, properties: Properties): void => {
    message.changedProperties = { ...message.changedProperties, ...properties };
  };

  const setLock = (message: QueuedMessage, token: string): number => {
    const until = clock.now() + settings.lockDurationMs;
    message.lock = { token, until };
    locks.set(token, message);
    deadlines.add(until, message.sequenceNumber);
    return until;
  };

  const next = (): QueuedMessage | undefined => {
    for (let sequence = available.pop(); sequence !== undefined; sequence = available.pop()) {
      const message = index.get(sequence);
      if (message) return message;
    }
    return undefined;
  };

  return {
    offer,
    take(mode) {
      deadlines.sweep();
      const message = next();
      if (message && mode === 'peek-lock') setLock(message, randomUUID());
      else if (message) index.remove(message.sequenceNumber);
      return message;
    },
    settle(token, disposition) {
      const message = locked(token);
      if ('properties' in disposition) checkChange(message, disposition.properties);
      if (disposition.kind === 'complete') {
        unlock(message);
        index.remove(message.sequenceNumber);
      } else if (disposition.kind === 'abandon') {
        change(message, disposition.properties);
        fail(message);
      } else if (disposition.kind === 'release') {
        unlock(message);
        offer(message);
      } else if (deadLetter) {
        unlock(message);
        moveToDeadLetters(message, disposition.properties);
      } else {
        unlock(message);
        offer(message);
        throw new BrokerError(conditions.notAllowed, 'A message in a dead-letter queue cannot be dead-lettered again.');
      }
    },
    renew(token) {
      return setLock(locked(token), token);
    },
    loseLock(token) {
      const message = locks.get(token);
      if (message) fail(message);
    },
    expire(message) {
      if (message.lock && message.lock.until <= clock.now()) fail(message);
      else if (!message.lock && message.expiresAt <= clock.now()) endLife(message);
    },
    clear() {
      locks.clear();
      available.retain(() => false);
    },
  };
}
