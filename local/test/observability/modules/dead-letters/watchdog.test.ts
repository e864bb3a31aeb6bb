import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ids, inQueue, message } from '../../../platform/service-bus/with-broker.ts';
import { startWithDeadLetters } from './with-dead-letters.ts';

const patience = { timeout: 5_000, interval: 10 };
const stalled = 'consumer stalled, its client is replaced';

test.concurrent('messages that wait while nothing is completed are noticed, and the client is replaced, once a period', async (context) => {
  const handled: unknown[] = [];
  const { bus, service, send, start, lines } = await startWithDeadLetters(context, {
    options: { silentMs: 400 },
    concurrency: 2,
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  const { messaging } = service;
  const { recycle } = messaging;
  const times: number[] = [];
  messaging.recycle = (source) => {
    times.push(Date.now());
    return recycle(source);
  };
  bus.faults.slowDelivery(3_600_000); // connected, and nothing ever comes
  await start();
  await Promise.all(ids(3).map((id) => send('parcels', message(id))));
  await vi.waitFor(() => expect(times).toHaveLength(2), patience);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300);
  bus.faults.clear();
  await vi.waitFor(() => expect(handled.toSorted()).toEqual(['m0', 'm1', 'm2']), patience);
  expect(lines[0]).toMatchObject({ severity: 'error', message: stalled, fields: { source: 'parcels', waiting: 3 } });
});

test.concurrent('a queue whose messages wait for their time is left alone, and so is a paused consumer', async (context) => {
  const { bus, service, send, start, messages, platformMessages } = await startWithDeadLetters(context, {
    entities: { queues: { parcels: {}, idle: {} } },
    concurrency: 2,
    options: {
      silentMs: 300,
      immediateDelaysMs: [1, 1, 1, 1, 1],
      probe: { firstMs: 60_000, factor: 1, capMs: 60_000 },
    },
    business: {
      handlers: {
        idle: async () => {},
        parcels: async (_message, { call }) =>
          call('north', async () => {
            throw new Error('down');
          }),
      },
      sends: ['parcels', 'idle'],
    },
  });
  const peek = vi.spyOn(service.messaging, 'peek');
  await start();
  await send('idle', { ...message('later'), scheduledEnqueueTimeUtc: new Date(Date.now() + 3_600_000) });
  for (const id of ['one', 'another']) await send('parcels', message(id)); // one message alone opens no breaker
  await vi.waitFor(() => expect(platformMessages()).toEqual(['consumer paused']), patience);
  for (const id of ids(5)) await send('parcels', message(id)); // what is on its way may still come
  await vi.waitFor(() => expect(peek.mock.calls.length).toBeGreaterThan(5), patience);
  expect(inQueue(bus).messages.filter(({ dueAt }) => dueAt === undefined).length).toBeGreaterThan(1);
  expect(messages()).not.toContain(stalled);
});

test.concurrent('a message that another replica holds is not waiting for this one', async (context) => {
  const { service, client, send, start, messages } = await startWithDeadLetters(context, {
    options: { silentMs: 200, heldMs: ({ lockDurationMs }) => lockDurationMs },
    concurrency: 2,
    handler: async () => {},
  });
  await send('parcels', message('held'));
  await client.createReceiver('parcels').receiveMessages(1); // and there it dies
  const peek = vi.spyOn(service.messaging, 'peek');
  await start();
  await vi.waitFor(() => expect(peek.mock.calls.length).toBeGreaterThan(5), patience);
  expect(messages()).not.toContain(stalled);
});

test.concurrent('while the service stops, nothing is called stalled and no message is taken any more', async (context) => {
  const handled: unknown[] = [];
  const { bus, service, send, start, messages } = await startWithDeadLetters(context, {
    options: { silentMs: 100 },
    concurrency: 2,
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  const peek = vi.spyOn(service.messaging, 'peek');
  await start();
  await vi.waitFor(() => expect(peek.mock.calls.length).toBeGreaterThan(2), patience); // it looks, and all is well
  await service.stopReceiving(new AbortController().signal);
  await send('parcels', message('late')); // a request that is still being answered
  const looks = peek.mock.calls.length;
  await sleep(500); // five times as long as it is patient
  expect(peek).toHaveBeenCalledTimes(looks);
  expect(handled).toEqual([]);
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 0 });
  expect(messages()).toEqual([]);
});

test.concurrent('a look that is under way when the service stops ends in silence', async (context) => {
  const { service, start, messages } = await startWithDeadLetters(context, {
    options: { silentMs: 100 },
    concurrency: 2,
    handler: async () => {},
  });
  const looking = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  service.messaging.peek = () => {
    looking.resolve();
    return failed.promise;
  };
  const recycle = vi.spyOn(service.messaging, 'recycle');
  await start();
  await looking.promise;
  await service.stopReceiving(new AbortController().signal);
  failed.reject(new Error('The underlying AMQP connection is closed.'));
  await vi.waitFor(() => expect(messages()).toEqual(['the watchdog cannot look at the queue']), patience);
  await sleep(100);
  expect(recycle).not.toHaveBeenCalled();
  expect(messages()).toEqual(['the watchdog cannot look at the queue']);
});
