import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Delivery } from '../../../../src/platform/messaging.ts';
import { eventually, ids, inQueue, message, startWithBroker } from './with-broker.ts';

test.concurrent('a paused consumer takes nothing, a probe takes one, and it resumes', async (context) => {
  const handled: unknown[] = [];
  let consumer: Delivery['consumer'] | undefined;
  const { bus, service, send, messages } = await startWithBroker(context, {
    concurrency: 4,
    around: [
      async (delivery, next) => {
        consumer = delivery.consumer;
        return next();
      },
    ],
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  service.start();
  await send('parcels', message('first'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));

  await eventually(() => expect(bus.faults.state()).toMatchObject({ links: 5 }));
  consumer?.pause('the destination is down');
  consumer?.pause('said twice');
  await sleep(300); // the receives that wait come back
  await Promise.all(ids(6).map((id) => send('parcels', message(id))));
  await sleep(200);
  expect(handled).toEqual(['first']);
  expect(inQueue(bus)).toMatchObject({ total: 6, locked: 0 });

  consumer?.probe();
  await eventually(() => expect(inQueue(bus).total).toBe(5));
  await sleep(100);
  expect(handled).toHaveLength(2);
  expect(inQueue(bus)).toMatchObject({ total: 5, locked: 0 });

  consumer?.resume();
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(handled).toHaveLength(7);
  expect(messages()).toEqual(['consumer paused', 'consumer resumed']);
});

test.concurrent('a paused consumer can stop', async (context) => {
  const { service, send } = await startWithBroker(context, {
    around: [
      async ({ consumer }, next) => {
        consumer.pause('for good');
        return next();
      },
    ],
    handler: async () => {},
  });
  service.start();
  await send('parcels', message('a'));
  await sleep(100);
  await service.stopReceiving(AbortSignal.timeout(5_000));
});

test.concurrent('recycling under load loses nothing, and leaves the context of its caller behind', async (context) => {
  const caller = new AsyncLocalStorage<string>();
  const contexts = new Set<unknown>();
  const handled: unknown[] = [];
  const { bus, service, send, messages } = await startWithBroker(context, {
    handler: async ({ messageId }) => {
      await sleep(2);
      contexts.add(caller.getStore());
      handled.push(messageId);
    },
  });
  caller.run('a request', () => service.start());
  const [parcels] = service.messaging.sources;
  const sending = ids(300).map(async (id, n) => {
    await sleep(n * 2);
    await send('parcels', message(id));
  });
  for (let times = 0; parcels && times < 4; times += 1) {
    const before = handled.length;
    await eventually(() => expect(handled.length).toBeGreaterThan(before + 10));
    await caller.run('a request', () => service.messaging.recycle(parcels));
  }
  await Promise.all(sending);
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(handled.toSorted()).toEqual(ids(300).toSorted());
  expect([...contexts]).toEqual([undefined]);
  expect(messages()).toEqual([]);
});

test.concurrent('peeking shows the oldest messages every time and locks none', async (context) => {
  const { bus, service, send } = await startWithBroker(context, { handler: async () => {} });
  for (const id of ids(3)) await send('parcels', message(id));
  const [parcels] = service.messaging.sources;
  if (!parcels) throw new Error('no source');
  for (let times = 0; times < 2; times += 1) {
    const peeked = await service.messaging.peek(parcels, 2);
    expect(peeked.map(({ messageId }) => messageId)).toEqual(['m0', 'm1']);
  }
  expect(inQueue(bus)).toMatchObject({ total: 3, locked: 0 });
  const elsewhere = { name: 'other', lockDurationMs: 1, maxDeliveryCount: 1 };
  await expect(service.messaging.peek(elsewhere, 1)).rejects.toThrow('does not receive from "other"');
});
