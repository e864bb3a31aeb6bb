import { setTimeout as sleep } from 'node:timers/promises';
import Long from 'long';
import { expect, test, vi } from 'vitest';
import { readHistory } from '../../../../../src/observability/modules/dead-letters/history.ts';
import { property } from '../../../../../src/observability/modules/dead-letters/properties.ts';
import type { Handler } from '../../../../../src/platform/business.ts';
import { PermanentError, TransientError } from '../../../../../src/platform/errors.ts';
import { ids, inQueue, message } from '../../../platform/service-bus/with-broker.ts';
import { quickPolicy, startWithDeadLetters } from './with-dead-letters.ts';

const patience = { timeout: 15_000, interval: 10 };

/** Destinations that can be switched off, and a handler that delivers to the one that the message names. */
function createDestinations() {
  const down = new Set<string>();
  const calls: string[] = [];
  const delivered = new Map<unknown, number>();
  let answer = async (_signal: AbortSignal): Promise<void> => {
    throw new TransientError('503');
  };
  const handler: Handler = async ({ subject = 'north', applicationProperties }, { call, signal }) => {
    await call(subject, async () => {
      calls.push(subject);
      if (down.has(subject)) await answer(signal);
    });
    delivered.set(applicationProperties?.['item-id'], Date.now());
  };
  const file = (id: string, subject = 'north') => ({
    ...message(id),
    subject,
    applicationProperties: { 'item-id': id },
  });
  return {
    down,
    calls,
    delivered,
    handler,
    file,
    answerWith(run: typeof answer) {
      answer = run;
    },
  };
}

test.concurrent('while a dependency does not answer its messages wait without losing attempts, and the others flow', async (context) => {
  const { down, calls, delivered, handler, file, answerWith } = createDestinations();
  const { bus, send, start, module, messages } = await startWithDeadLetters(context, {
    options: {
      policy: { ...quickPolicy, attempts: 2, firstMs: 1, capMs: 5 },
      probe: { firstMs: 1_500, factor: 1, capMs: 1_500 }, // time to tell it to hang
    },
    handler,
  });
  await start();
  await send('parcels', file('first', 'south'));
  await vi.waitFor(() => expect(delivered.size).toBe(1), patience);

  down.add('north');
  for (const id of ids(5, 'opener')) await send('parcels', file(id));
  await vi.waitFor(() => expect(messages()).toContain('dependency does not answer'), patience);
  const probe = Promise.withResolvers<void>();
  answerWith(() => probe.promise); // and now it hangs, while one message tries it
  await vi.waitFor(() => expect(inQueue(bus).locked).toBe(0), patience);
  const failedBefore = calls.length;
  await Promise.all(ids(40).map((id) => send('parcels', file(id))));
  await vi.waitFor(
    () => expect(inQueue(bus).messages.filter(({ dueAt }) => dueAt).length).toBeGreaterThan(30),
    patience,
  );
  const check = await module.healthChecks?.[0]?.check(AbortSignal.timeout(1_000));
  expect(check).toEqual({ ok: false, reason: 'does not answer: north' });
  await vi.waitFor(() => expect(calls.length).toBe(failedBefore + 1), patience);
  const putAside = () => messages().filter((text) => text === 'message put aside').length;
  const asideBefore = putAside();
  await vi.waitFor(() => expect(putAside()).toBeGreaterThan(asideBefore + 40), patience); // all came back meanwhile

  // The handler's deadline is far away: whatever waited for the probe would miss it.
  await Promise.all(ids(30, 'other').map((id) => send('parcels', file(id, 'south'))));
  await vi.waitFor(() => expect(delivered.size).toBe(31), patience);
  expect(calls.filter((name) => name === 'north')).toHaveLength(failedBefore);

  down.clear();
  probe.resolve();
  await vi.waitFor(() => expect(inQueue(bus).total).toBe(0), patience);
  for (const id of ids(40)) expect(delivered.has(id), id).toBe(true);
  expect(inQueue(bus).deadLettered).toBeLessThanOrEqual(5);
  expect(messages()).toContain('dependency answers again');
  expect(messages().filter((text) => text === 'dependency does not answer')).toHaveLength(1);
});

test.concurrent('when nothing answers the consumer pauses, tries one message at a time, and resumes by itself', async (context) => {
  const { down, calls, delivered, handler, file } = createDestinations();
  down.add('north');
  const started = await startWithDeadLetters(context, {
    options: {
      policy: { ...quickPolicy, attempts: 10, firstMs: 200, capMs: 400 },
      probe: { firstMs: 150, factor: 1, capMs: 150 },
    },
    handler,
  });
  const { bus, send, start } = started;
  await start();
  await Promise.all(ids(8, 'first').map((id) => send('parcels', file(id))));
  const logged = () => started.messages();
  await vi.waitFor(() => expect(logged()).toContain('dependency does not answer'), patience);
  await vi.waitFor(() => expect(inQueue(bus).locked).toBe(0), patience);

  await Promise.all(ids(40).map((id) => send('parcels', file(id))));
  const before = calls.length;
  // Each failed probe moves one message only; what was never tried stays where it is.
  await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(before + 3), patience);
  const untouched = inQueue(bus).messages.filter(
    ({ content, deliveryCount }) => /^m\d+$/.test(content.messageId) && deliveryCount === 0,
  );
  expect(untouched.length).toBeGreaterThan(25);

  down.clear();
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 0 }), patience);
  expect(delivered.size).toBe(48);
  expect(started.platformMessages()).toEqual(['consumer paused', 'consumer resumed']);
});

test.concurrent('a message put aside ten times keeps its attempts, and dies its own death later', async (context) => {
  const { down, delivered, handler, file, answerWith } = createDestinations();
  down.add('north');
  answerWith(async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  const { bus, client, send, start, messages, replay, deadLetters } = await startWithDeadLetters(context, {
    options: { policy: { ...quickPolicy, attempts: 3 }, probe: { firstMs: 10, factor: 1, capMs: 10 } },
    handler: async (received, tools) => {
      if (received.subject !== 'broken') return handler(received, tools);
      throw new Error(`broken ${tools.attempt}`);
    },
  });
  await start();
  await Promise.all(ids(6, 'opener').map((id) => send('parcels', file(id))));
  await vi.waitFor(() => expect(messages()).toContain('dependency does not answer'), patience);
  await send('parcels', file('aside'));
  const timesAside = async () => {
    const waiting = await client.createReceiver('parcels').peekMessages(100, { fromSequenceNumber: Long.ZERO });
    const aside = waiting.find(({ applicationProperties }) => applicationProperties?.['item-id'] === 'aside');
    return readHistory(aside?.applicationProperties).find(({ outcome }) => outcome === 'put-aside')?.times ?? 0;
  };
  await vi.waitFor(async () => expect(await timesAside()).toBeGreaterThan(10), patience);

  // Meanwhile another is retried, dead-lettered, replayed and retried again, all inside the window.
  down.clear();
  await vi.waitFor(() => expect(delivered.has('aside')).toBe(true), patience);
  await send('parcels', file('second', 'broken'));
  await vi.waitFor(() => expect(inQueue(bus).deadLettered).toBe(1), patience);
  await replay();
  const replayed = async () => (await deadLetters())[0]?.applicationProperties;
  await vi.waitFor(async () => expect(await replayed()).toHaveProperty([property.replayCount], 1), patience);
  expect(readHistory(await replayed()).map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'retried'],
    [2, 'retried'],
    [3, 'dead-lettered'],
    [3, 'replayed'],
    [1, 'retried'],
    [2, 'retried'],
    [3, 'dead-lettered'],
  ]);
});

test.concurrent('what is wrong with a message says nothing against its destination', async (context) => {
  const { down, handler, file, answerWith } = createDestinations();
  down.add('north');
  answerWith(async () => {
    throw new PermanentError('DestinationRefused', '422');
  });
  const { bus, send, start, messages } = await startWithDeadLetters(context, { handler });
  await start();
  for (const id of ids(30)) await send('parcels', file(id));
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 30 }), patience);
  expect(messages()).not.toContain('dependency does not answer');
});

test.concurrent('a destination that hangs does not get hold of everything that is in hand', async (context) => {
  const { down, delivered, handler, file, answerWith } = createDestinations();
  answerWith((signal) => sleep(60_000, undefined, { signal }));
  const { send, start } = await startWithDeadLetters(context, { handler });
  await start();
  await send('parcels', file('warm', 'south'));
  await vi.waitFor(() => expect(delivered.size).toBe(1), patience);
  down.add('north');
  await Promise.all(ids(60).map((id) => send('parcels', file(id)))); // four times what it has in hand
  await send('parcels', file('other', 'south')); // the others hang for half a minute
  await vi.waitFor(() => expect(delivered.has('other')).toBe(true), patience);
});

test.concurrent('a call that ignores its deadline counts as failed, so that it cannot be the last probe', async (context) => {
  const { down, delivered, handler, file, answerWith } = createDestinations();
  const { bus, send, start, messages } = await startWithDeadLetters(context, {
    settings: { handlerTimeoutMs: 60, sendTimeoutMs: 5_000 },
    options: { policy: { ...quickPolicy, attempts: 20, firstMs: 5 }, probe: { firstMs: 20, factor: 1, capMs: 20 } },
    handler,
  });
  answerWith(() => new Promise(() => {}));
  down.add('north');
  await start();
  for (const id of ids(6)) await send('parcels', file(id));
  await vi.waitFor(() => expect(messages()).toContain('dependency does not answer'), patience);
  down.clear();
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 0 }), patience);
  expect(delivered.size).toBe(6);
});

test.concurrent('a shutdown in the middle of calls says nothing against their destination', async (context) => {
  const { down, handler, file, answerWith } = createDestinations();
  const { bus, service, send, start, messages } = await startWithDeadLetters(context, { handler });
  answerWith((signal) => sleep(60_000, undefined, { signal }));
  down.add('north');
  await start();
  for (const id of ids(8)) await send('parcels', file(id));
  await vi.waitFor(() => expect(inQueue(bus).locked).toBe(8), patience);
  await service.stopReceiving(AbortSignal.abort());
  await vi.waitFor(() => expect(inQueue(bus)).toMatchObject({ total: 8, locked: 0 }), patience);
  expect(messages()).toEqual([]);
});
