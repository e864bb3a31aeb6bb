import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import type { MessageContent, QueuedMessage } from './message.ts';
import { createQueue, type Queue } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';

const sections = {
  header: undefined,
  annotations: undefined,
  properties: Buffer.alloc(0),
  applicationProperties: undefined,
  body: Buffer.alloc(0),
};

function content(messageId: string, facts: Partial<MessageContent> = {}): MessageContent {
  return {
    messageId,
    sessionId: undefined,
    timeToLiveMs: undefined,
    scheduledFor: undefined,
    size: 10,
    sections,
    ...facts,
  };
}

function open(settings: Partial<QueueSettings> = {}) {
  const clock = createManualClock();
  const queue = createQueue({
    path: 'q',
    clock,
    settings: {
      lockDurationMs: 60_000,
      maxDeliveryCount: 3,
      timeToLiveMs: Number.POSITIVE_INFINITY,
      deadLetterOnExpiration: false,
      duplicateWindowMs: 0,
      requiresSession: false,
      maxMessageBytes: 1_000,
      ...settings,
    },
  });
  return { clock, queue };
}

const idOf = (message: QueuedMessage | undefined) => message?.content.messageId;
const lockOf = (message: QueuedMessage | undefined) => message?.lock?.token ?? '';
const drainIds = (queue: Queue | undefined) => {
  const ids: (string | undefined)[] = [];
  for (let next = queue?.take('receive-and-delete'); next; next = queue?.take('receive-and-delete'))
    ids.push(idOf(next));
  return ids;
};

describe('order', () => {
  test('messages come out in the order they came in', () => {
    const { queue } = open();
    queue.accept([content('a'), content('b'), content('c')]);
    expect(drainIds(queue)).toEqual(['a', 'b', 'c']);
  });

  test('an abandoned message returns to its old place', () => {
    const { queue } = open();
    queue.accept([content('a'), content('b')]);
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'abandon', properties: {} });
    expect(idOf(queue.take('peek-lock'))).toBe('a');
  });
});

describe('locks', () => {
  test('an expired lock counts as a failed delivery and the message is there again', () => {
    const { clock, queue } = open();
    queue.accept([content('a')]);
    const token = lockOf(queue.take('peek-lock'));
    clock.advance(59_999);
    expect(queue.take('peek-lock')).toBeUndefined();
    clock.advance(1);
    expect(() => queue.settle(token, { kind: 'complete' })).toThrow('lock supplied is invalid');
    expect(queue.take('peek-lock')).toMatchObject({ deliveryCount: 1 });
  });

  test('a renewed lock lasts from the renewal', () => {
    const { clock, queue } = open();
    queue.accept([content('a')]);
    const token = lockOf(queue.take('peek-lock'));
    clock.advance(50_000);
    expect(queue.renew(token)).toBe(clock.now() + 60_000);
    clock.advance(50_000);
    queue.settle(token, { kind: 'complete' });
    expect(queue.counts().total).toBe(0);
  });

  test('a lock that has ended is gone even when no timer rang', () => {
    const { clock, queue } = open();
    queue.accept([content('a')]);
    const token = lockOf(queue.take('peek-lock'));
    const deaf = { ...clock, at: () => () => {} };
    const late = createQueue({ path: 'late', settings: queue.settings, clock: deaf });
    late.accept([content('b')]);
    const lateToken = lockOf(late.take('peek-lock'));
    clock.advance(60_000);
    expect(() => queue.renew(token)).toThrow('lock supplied is invalid');
    expect(() => late.renew(lateToken)).toThrow('lock supplied is invalid');
  });

  test('two settlements of one lock: the second finds nothing', () => {
    const { queue } = open();
    queue.accept([content('a')]);
    const token = lockOf(queue.take('peek-lock'));
    queue.settle(token, { kind: 'complete' });
    expect(() => queue.settle(token, { kind: 'complete' })).toThrow('lock supplied is invalid');
  });

  test('a released message was not a failed delivery', () => {
    const { queue } = open();
    queue.accept([content('a')]);
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'release' });
    expect(queue.take('peek-lock')).toMatchObject({ deliveryCount: 0 });
  });
});

describe('dead letters', () => {
  test('the delivery that reaches the limit moves the message, with the words of Azure', () => {
    const { queue } = open({ maxDeliveryCount: 2 });
    queue.accept([content('a')]);
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'abandon', properties: {} });
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'abandon', properties: {} });
    expect(queue.take('peek-lock')).toBeUndefined();
    expect(queue.deadLetters?.peek(0, 1)[0]).toMatchObject({
      deliveryCount: 2,
      deadLetterSource: 'q',
      changedProperties: {
        DeadLetterReason: 'MaxDeliveryCountExceeded',
        DeadLetterErrorDescription: 'Message could not be consumed after 2 delivery attempts.',
      },
    });
  });

  test('lock expiry reaches the limit as an abandon does', () => {
    const { clock, queue } = open({ maxDeliveryCount: 1 });
    queue.accept([content('a')]);
    queue.take('peek-lock');
    clock.advance(60_000);
    expect(queue.counts()).toMatchObject({ active: 0, deadLetter: 1, total: 1 });
  });

  test('properties of earlier settlements travel along', () => {
    const { queue } = open();
    queue.accept([content('a')]);
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'abandon', properties: { tried: 'once' } });
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'dead-letter', properties: { DeadLetterReason: 'bad' } });
    expect(queue.deadLetters?.peek(0, 1)[0]?.changedProperties).toEqual({ tried: 'once', DeadLetterReason: 'bad' });
  });

  test('inside a dead-letter queue nothing raises the count, expires or moves on', () => {
    const { clock, queue } = open({ maxDeliveryCount: 1, timeToLiveMs: 100_000 });
    queue.accept([content('a')]);
    queue.settle(lockOf(queue.take('peek-lock')), { kind: 'dead-letter', properties: {} });
    const dead = queue.deadLetters;
    dead?.settle(lockOf(dead.take('peek-lock')), { kind: 'abandon', properties: {} });
    dead?.take('peek-lock');
    clock.advance(1_000_000);
    const locked = dead?.take('peek-lock');
    expect(locked).toMatchObject({ deliveryCount: 0 });
    expect(() => dead?.settle(lockOf(locked), { kind: 'dead-letter', properties: {} })).toThrow('dead-lettered again');
    expect(idOf(dead?.take('peek-lock'))).toBe('a');
  });

  test('messages that were dead-lettered in another order are peeked and received by number', () => {
    const { queue } = open();
    queue.accept([content('a'), content('b'), content('c')]);
    const tokens = [queue.take('peek-lock'), queue.take('peek-lock'), queue.take('peek-lock')].map(lockOf);
    for (const token of tokens.reverse()) queue.settle(token, { kind: 'dead-letter', properties: {} });
    expect(queue.deadLetters?.peek(0, 9).map(idOf)).toEqual(['a', 'b', 'c']);
    expect(queue.deadLetters?.peek(2, 1).map(idOf)).toEqual(['b']);
    expect(drainIds(queue.deadLetters)).toEqual(['a', 'b', 'c']);
  });
});

describe('time to live', () => {
  test('the shorter of the message and the queue decides', () => {
    const { clock, queue } = open({ timeToLiveMs: 5_000 });
    queue.accept([
      content('short', { timeToLiveMs: 1_000 }),
      content('long', { timeToLiveMs: 9_000 }),
      content('none'),
    ]);
    clock.advance(1_000);
    expect(queue.peek(0, 9).map(idOf)).toEqual(['long', 'none']);
    clock.advance(4_000);
    expect(queue.counts()).toMatchObject({ total: 0, deadLetter: 0 });
  });

  test('expired messages are dead-lettered where the queue says so', () => {
    const { clock, queue } = open({ deadLetterOnExpiration: true });
    queue.accept([content('a', { timeToLiveMs: 1_000 })]);
    clock.advance(1_000);
    expect(queue.deadLetters?.peek(0, 1)[0]?.changedProperties).toEqual({
      DeadLetterReason: 'TTLExpiredException',
      DeadLetterErrorDescription: 'The message expired and was dead lettered.',
    });
  });

  test('a locked message does not expire before it is given back', () => {
    const { clock, queue } = open();
    queue.accept([content('a', { timeToLiveMs: 1_000 }), content('b', { timeToLiveMs: 1_000 })]);
    const [kept, returned] = [queue.take('peek-lock'), queue.take('peek-lock')].map(lockOf);
    clock.advance(2_000);
    expect(queue.counts().active).toBe(2);
    queue.settle(kept ?? '', { kind: 'complete' });
    queue.settle(returned ?? '', { kind: 'abandon', properties: {} });
    expect(queue.counts().total).toBe(0);
  });
});

describe('scheduling', () => {
  test('a message that waits is peeked but not received, and gets a new number when its time comes', () => {
    const { clock, queue } = open();
    const [number] = queue.accept([content('later', { scheduledFor: clock.now() + 1_000 })]);
    queue.accept([content('now')]);
    expect(queue.peek(0, 9).map(idOf)).toEqual(['later', 'now']);
    expect(queue.counts()).toMatchObject({ active: 1, scheduled: 1, total: 2 });
    expect(drainIds(queue)).toEqual(['now']);
    clock.advance(1_000);
    expect(queue.take('peek-lock')).toMatchObject({
      sequenceNumber: 3,
      enqueuedSequenceNumber: number,
      enqueuedAt: clock.now(),
      wasScheduled: true,
    });
  });

  test('life begins when the time has come', () => {
    const { clock, queue } = open();
    queue.accept([content('a', { scheduledFor: clock.now() + 1_000, timeToLiveMs: 500 })]);
    clock.advance(1_499);
    expect(queue.counts().active).toBe(1);
    clock.advance(1);
    expect(queue.counts().active).toBe(0);
  });

  test('a time that has passed means now', () => {
    const { clock, queue } = open();
    queue.accept([content('a', { scheduledFor: clock.now() - 1 })]);
    expect(queue.take('peek-lock')).toMatchObject({ wasScheduled: false });
  });

  test('a cancelled message never comes; a number that waits for nothing cancels none', () => {
    const { clock, queue } = open();
    const due = { scheduledFor: clock.now() + 1_000 };
    const [first = 0, second = 0] = queue.accept([content('a', due), content('b', due)]);
    queue.cancel([first, first]);
    expect(() => queue.cancel([second, first])).toThrow('could not be found');
    clock.advance(1_000);
    expect(drainIds(queue)).toEqual(['b']);
    expect(queue.counts()).toMatchObject({ scheduled: 0, total: 0 });
  });
});

describe('duplicates', () => {
  test('a repeated id is accepted and dropped while the window runs', () => {
    const { clock, queue } = open({ duplicateWindowMs: 10_000 });
    const [first] = queue.accept([content('a')]);
    expect(drainIds(queue)).toEqual(['a']);
    clock.advance(9_999);
    expect(queue.accept([content('a'), content('b'), content('b')])).toEqual([first, 2, 2]);
    expect(drainIds(queue)).toEqual(['b']);
    clock.advance(1);
    queue.accept([content('a')]);
    expect(drainIds(queue)).toEqual(['a']);
  });

  test('without a window every message counts', () => {
    const { queue } = open();
    queue.accept([content('a'), content('a')]);
    expect(queue.counts().active).toBe(2);
  });
});

describe('refusals', () => {
  test('a message over the limit is refused, and the others of its batch with it', () => {
    const { queue } = open();
    expect(() => queue.accept([content('a'), content('b', { size: 1_001 })])).toThrow('exceeds the limit (1000 bytes)');
    expect(queue.counts().total).toBe(0);
  });

  test('an entity with sessions takes no message without one', () => {
    const { queue } = open({ requiresSession: true });
    expect(() => queue.accept([content('a')])).toThrow('The SessionId was not set');
    queue.accept([content('b', { sessionId: 's' })]);
    expect(queue.counts().active).toBe(1);
  });
});

test('emptying takes everything, locks and remembered ids too, and numbers go on', () => {
  const { clock, queue } = open({ duplicateWindowMs: 10_000 });
  queue.accept([content('a'), content('b'), content('c', { scheduledFor: clock.now() + 1_000 })]);
  const token = lockOf(queue.take('peek-lock'));
  queue.settle(lockOf(queue.take('peek-lock')), { kind: 'dead-letter', properties: {} });
  queue.clear();
  expect(queue.counts()).toEqual({ active: 0, scheduled: 0, deadLetter: 0, total: 0, bytes: 0 });
  expect(() => queue.settle(token, { kind: 'complete' })).toThrow('lock supplied is invalid');
  expect(queue.accept([content('a')])).toEqual([4]);
  clock.advance(100_000);
  expect(drainIds(queue)).toEqual(['a']);
});
