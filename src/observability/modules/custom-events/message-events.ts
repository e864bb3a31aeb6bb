import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { attemptOf, countIn, isCanary, originalIdOf, property, timeIn } from '../../../platform/message-properties.ts';
import type { Delivery, ReceiveMiddleware, SendMiddleware, Settlement } from '../../../platform/messaging.ts';
import { defineEvents } from '../../events.ts';

const identity = { source: 'string', messageId: 'string' } as const;
const step = {
  ...identity,
  sequenceNumber: 'string',
  attempt: 'number',
  delivery: 'number',
  ageMs: 'milliseconds',
} as const;
const later = { ...step, until: 'string' } as const;

/**
 * The steps of every message of every business. `messageId` is the original id, `source` the key of the handler (for
 * `queued` the queue or topic), `delivery` how often the broker has handed out this message or copy, and `ageMs` the
 * time since the broker first accepted the message. The broker tells a sender no sequence number. The module
 * `correlation` adds the correlation id to the rows.
 */
const events = defineEvents('message', {
  queued: { when: 'the broker has accepted what a business sent', fields: identity },
  attempted: { when: 'a handler is about to get the message', fields: step },
  completed: { when: 'the broker has confirmed that the message is done', fields: step },
  abandoned: { when: 'the broker has the message back, to deliver it again at once', fields: step },
  retried: { when: 'the broker has a copy for after `until`, because attempt `attempt` failed', fields: later },
  putAside: {
    when: 'the broker has a copy for after `until`, because a dependency does not answer: the attempt does not count',
    fields: later,
  },
  deadLettered: {
    when: 'the broker has put the message into the dead-letter queue, or `queue-metrics` has found it there',
    fields: { ...step, reason: 'string' },
  },
});

type Handled = Pick<Delivery, 'message' | 'handles'>;

/** A dead letter, for a module that needs more of its message than the row of the event has. */
export interface DeadLetter extends Handled {
  reason: string;
}

const channelName = 'dead-letters';
const deadLetters = channel(channelName);

/** Subscribes to every announced dead letter. Returns the function that ends the subscription. */
export function watchDeadLetters(subscriber: (letter: DeadLetter) => void): () => void {
  const listener = (announced: unknown) => subscriber(announced as DeadLetter);
  subscribe(channelName, listener);
  return () => void unsubscribe(channelName, listener);
}

/** Announces what became of a message. */
export const announceDelivery: ReceiveMiddleware = async function announceDelivery(delivery, next) {
  events.attempted(stepOf(delivery));
  const settlement = await next();
  announce(delivery, settlement);
  return settlement;
};

/** Announces a dead letter that the broker made without asking, which the module `queue-metrics` has found. */
export const announceFound = (found: Handled): void =>
  announceDeadLetter({ ...found, reason: found.message.deadLetterReason ?? '' });

/** Announces a first send. Copies are announced as steps of the message that they copy. */
export const announceSend: SendMiddleware = async function announceSend({ entity, message, cause }, next) {
  await next();
  if (cause || isCanary(message, { queue: entity })) return;
  events.queued({ source: entity, messageId: originalIdOf(message) });
};

function announce({ message, handles }: Handled, settlement: Settlement): void {
  const facts = stepOf({ message, handles });
  if (settlement.kind === 'dead-letter') announceDeadLetter({ message, handles, reason: settlement.reason });
  else if (settlement.kind === 'complete') events.completed(facts);
  else if (settlement.kind === 'abandon') events.abandoned(facts);
  else {
    const { applicationProperties, scheduledEnqueueTimeUtc } = settlement.copy;
    const due = { ...facts, until: scheduledEnqueueTimeUtc?.toISOString() ?? '' };
    if (countIn(applicationProperties, property.attempt) > facts.attempt) events.retried(due);
    else events.putAside(due);
  }
}

function announceDeadLetter(letter: DeadLetter): void {
  events.deadLettered({ ...stepOf(letter), reason: letter.reason });
  deadLetters.publish(letter);
}

function stepOf({ message, handles }: Handled) {
  const since = timeIn(message.applicationProperties, property.firstEnqueuedAt) ?? message.enqueuedTimeUtc;
  return {
    source: handles,
    messageId: originalIdOf(message),
    sequenceNumber: String(message.sequenceNumber),
    attempt: attemptOf(message),
    delivery: (message.deliveryCount ?? 0) + 1,
    ageMs: since ? Math.max(0, Date.now() - since.getTime()) : 0,
  };
}
