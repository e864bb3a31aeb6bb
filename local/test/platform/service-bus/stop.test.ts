import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, ids, inQueue, message, startWithBroker } from './with-broker.ts';

const unhurried = () => new AbortController().signal;

test.concurrent('stopping under load, again and again, leaves no message locked and loses none', async (context) => {
  const entities = { queues: { parcels: { maxDeliveryCount: 100 } } };
  const handled: string[] = [];
  const { bus, service, send, messages } = await startWithBroker(context, { entities });
  let sent = 0;
  let sending = true;
  const load = Promise.all(
    ids(4).map(async () => {
      while (sending) {
        await send('parcels', message(`m${sent++}`));
        await sleep(2);
      }
    }),
  );

  for (let round = 0; round < 12; round += 1) {
    const worker = await startWithBroker(context, {
      bus,
      entities,
      handler: async ({ messageId }) => {
        await sleep(3);
        handled.push(String(messageId));
      },
    });
    worker.service.start();
    const before = handled.length;
    await eventually(() => expect(handled.length).toBeGreaterThan(before + 20));
    await sleep(round);
    await worker.service.stop(unhurried());
    expect(inQueue(bus).locked).toBe(0);
    expect(worker.messages()).toEqual([]);
  }
  sending = false;
  await load;
  await service.stop(unhurried());
  const left = inQueue(bus);
  expect(new Set(handled).size).toBe(handled.length);
  expect([...handled, ...left.ids].toSorted()).toEqual(ids(sent).toSorted());
  expect(Math.max(...left.messages.map(({ deliveryCount }) => deliveryCount), 0)).toBeLessThan(12);
  expect(left.deadLettered).toBe(0);
  expect(messages()).toEqual([]);
});

test.concurrent('stopping while links open leaves no message locked', async (context) => {
  const { bus, send } = await startWithBroker(context);
  bus.faults.slowDelivery(30); // messages are on their way for so long
  let sending = true;
  const load = (async () => {
    for (let n = 0; sending; n += 1) {
      await send('parcels', message(`m${n}`));
      await sleep(4);
    }
  })();
  for (let round = 0; round < 12; round += 1) {
    const { service } = await startWithBroker(context, { bus, handler: async () => {} });
    service.start();
    await sleep(20 + round * 13);
    await service.stop(unhurried());
    expect(inQueue(bus).locked).toBe(0);
  }
  sending = false;
  await load;
});

test.concurrent('a message that comes in the moment of stopping is given back at once', async (context) => {
  const { bus, service, send } = await startWithBroker(context, { handler: async () => {} });
  service.start();
  await send('parcels', message('warm'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  for (let round = 0; round < 5; round += 1) {
    const sends = ids(20).map((id) => send('parcels', message(`${round}${id}`)));
    if (round === 4) {
      await Promise.all([...sends, service.stopReceiving(unhurried())]);
    } else await Promise.all(sends);
  }
  expect(inQueue(bus).locked).toBe(0);
});

test.concurrent('a handler may end before the deadline', async (context) => {
  const settled: string[] = [];
  const started = Promise.withResolvers<void>();
  const { service, send } = await startWithBroker(context, {
    handler: async () => {
      started.resolve();
      await sleep(300);
    },
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  service.start();
  await send('parcels', message('a'));
  await started.promise;
  await service.stopReceiving(AbortSignal.timeout(5_000));
  expect(settled).toEqual(['complete']);
});

test.concurrent('what has not ended by the deadline is told to stop and given back', async (context) => {
  const settled: string[] = [];
  const reasons: unknown[] = [];
  let started = 0;
  const { bus, service, send, messages } = await startWithBroker(context, {
    handler: async ({ messageId }, { signal }) => {
      started += 1;
      if (messageId === 'deaf') await new Promise(() => {});
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    receive: [
      async (_delivery, next) => {
        try {
          return await next();
        } catch (error) {
          reasons.push(String(error));
          return { kind: 'dead-letter', reason: 'Decided', description: 'because the handler threw' };
        }
      },
    ],
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  service.start();
  await send('parcels', message('deaf'));
  await send('parcels', message('listening'));
  await eventually(() => expect(started).toBe(2));
  // A link that still opens could take one of them again.
  await eventually(() => expect(bus.faults.state()).toMatchObject({ links: 17 }));
  const from = performance.now();
  await service.stopReceiving(AbortSignal.timeout(200));
  expect(performance.now() - from).toBeLessThan(3_000);
  expect(reasons).toEqual(Array(2).fill('Stopping: The service is stopping.'));
  expect(settled).toEqual(['abandon', 'abandon']);
  expect(inQueue(bus)).toMatchObject({ total: 2, locked: 0, deadLettered: 0 });
  expect(messages()).toEqual(Array(2).fill('message abandoned, the service is stopping'));
});

test.concurrent('stopping ends in time although the broker is gone', async (context) => {
  const { bus, service, send } = await startWithBroker(context, {
    handler: () => new Promise(() => {}),
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(inQueue(bus).locked).toBe(1));
  await bus.faults.stopBroker();
  const from = performance.now();
  await service.stop(AbortSignal.timeout(100));
  expect(performance.now() - from).toBeLessThan(4_000);
});

test.concurrent('sending still works after receiving has stopped', async (context) => {
  const { bus, service, send } = await startWithBroker(context, { handler: async () => {} });
  service.start();
  await service.stopReceiving(unhurried());
  await send('parcels', message('a'));
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 0 });
});

test.concurrent('once it stops, nothing opens links again: no start that comes late, no recycling', async (context) => {
  const handled: unknown[] = [];
  const { bus, service, send } = await startWithBroker(context, {
    handler: async ({ messageId }) => void handled.push(messageId),
  });
  const { messaging } = service;
  service.start();
  await send('parcels', message('in time'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(messaging.stopping.aborted).toBe(false);
  const stopped = service.stopReceiving(unhurried());
  expect(messaging.stopping.aborted).toBe(true);
  await Promise.all(messaging.sources.map(messaging.recycle));
  await stopped;
  service.start();
  await Promise.all(messaging.sources.map(messaging.recycle));
  await send('parcels', message('late'));
  await sleep(300); // more than links take to open
  expect(handled).toEqual(['in time']);
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 0 });
});
