import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import type { Settlement } from '../../../../src/platform/messaging.ts';
import { eventually, ids, inQueue, later, message, startWithBroker } from './with-broker.ts';

test.concurrent('a handled message is completed, with its bytes untouched', async (context) => {
  const bodies: unknown[] = [];
  const { bus, service, send } = await startWithBroker(context, {
    handler: async ({ body }) => void bodies.push(body),
  });
  service.start();
  await send('parcels', message('a', '{"looks":"like JSON"}'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(bodies).toEqual([Buffer.from('{"looks":"like JSON"}')]);
});

test.concurrent('messages that trickle in are handled at once', async (context) => {
  const ages: number[] = [];
  const { service, send } = await startWithBroker(context, {
    handler: async ({ applicationProperties }) => void ages.push(Date.now() - Number(applicationProperties?.at)),
  });
  service.start();
  await eventually(() => send('parcels', { ...message('warm'), applicationProperties: { at: Date.now() } }));
  await eventually(() => expect(ages).toHaveLength(1));
  ages.length = 0;
  for (const id of ids(20)) {
    await send('parcels', { ...message(id), applicationProperties: { at: Date.now() } });
    await sleep(10);
  }
  await eventually(() => expect(ages).toHaveLength(20));
  expect(ages.toSorted((a, b) => a - b)[10]).toBeLessThan(200);
});

test.concurrent('no more messages are in hand than slots', async (context) => {
  let inHand = 0;
  let most = 0;
  const open = Promise.withResolvers<void>();
  const { bus, service, send } = await startWithBroker(context, {
    concurrency: 3,
    handler: async () => {
      inHand += 1;
      most = Math.max(most, inHand);
      await open.promise;
      await sleep(5);
      inHand -= 1;
    },
  });
  service.start();
  await Promise.all(ids(20).map((id) => send('parcels', message(id))));
  await eventually(() => expect(most).toBe(3));
  open.resolve();
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(most).toBe(3);
});

test.concurrent('a handler that throws burns deliveries, and the last one is reported as a dead letter', async (context) => {
  const attempts: number[] = [];
  const settled: Settlement[] = [];
  const { bus, service, send, lines } = await startWithBroker(context, {
    entities: { queues: { parcels: { maxDeliveryCount: 3 } } },
    handler: async (_message, { attempt }) => {
      attempts.push(attempt);
      throw new Error('no');
    },
    business: { settled: (_message, settlement) => settled.push(settlement) },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(inQueue(bus).deadLettered).toBe(1));
  await eventually(() => expect(settled).toHaveLength(3));
  expect(attempts).toEqual([1, 2, 3]);
  expect(settled).toEqual([
    { kind: 'abandon' },
    { kind: 'abandon' },
    {
      kind: 'dead-letter',
      reason: 'MaxDeliveryCountExceeded',
      description: 'Message could not be consumed after 3 delivery attempts.',
    },
  ]);
  expect(lines.map(({ severity, message, fields }) => [severity, message, fields.messageId])).toEqual(
    Array(3).fill(['error', 'message handler failed', 'a']),
  );
});

test.concurrent('a copy tells its own attempt', async (context) => {
  const attempts: number[] = [];
  const { bus, service } = await startWithBroker(context, {
    handler: async (_message, { attempt }) => void attempts.push(attempt),
  });
  service.start();
  const client = new ServiceBusClient(bus.connectionString);
  context.onTestFinished(() => client.close());
  await client
    .createSender('parcels')
    .sendMessages({ ...message('a'), applicationProperties: { attempt: 9, 'obs-attempt': 4 } });
  await eventually(() => expect(attempts).toEqual([4]));
});

test.concurrent('a handler that gives the properties of its message to another gives it none of ours', async (context) => {
  const seen: unknown[] = [];
  const { service, send } = await startWithBroker(context, {
    entities: { queues: { parcels: {}, next: {} } },
    receive: [
      async ({ message: received }, next) =>
        received.messageId === 'a' ? later(received, 3, { 'obs-history': '[]' }) : next(),
    ],
    business: {
      sends: ['parcels', 'next'],
      handlers: {
        parcels: async ({ applicationProperties = {} }, { attempt }) => {
          seen.push(attempt);
          await send('next', { ...message('b'), applicationProperties });
        },
        next: async ({ applicationProperties }, { attempt }) => void seen.push(attempt, applicationProperties),
      },
    },
  });
  service.start();
  await send('parcels', { ...message('a'), applicationProperties: { mine: 1 } });
  await eventually(() => expect(seen).toEqual([3, 1, { mine: 1 }]));
});

test.concurrent('a handler that ignores its signal is abandoned at its deadline, and its late result is ignored', async (context) => {
  const settled: string[] = [];
  const reasons: unknown[] = [];
  const { bus, service, send, lines } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 5_000, handlerTimeoutMs: 100 },
    handler: async ({ deliveryCount }, { signal }) => {
      if (deliveryCount === 0) await sleep(400);
      reasons.push(signal.aborted && signal.reason);
    },
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(settled).toEqual(['abandon', 'complete']));
  await eventually(() => expect(reasons).toHaveLength(2));
  expect(reasons[0]).toBe(false);
  expect(String(reasons[1])).toContain('did not end within 100 ms');
  expect(settled).toEqual(['abandon', 'complete']);
  expect(lines).toHaveLength(1);
  expect(inQueue(bus).total).toBe(0);
});

test.concurrent('a lock that is shorter than the handler is renewed', async (context) => {
  let runs = 0;
  const { bus, service, send, messages } = await startWithBroker(context, {
    entities: { queues: { parcels: { lockDuration: 'PT1S' } } },
    handler: async () => {
      runs += 1;
      await sleep(1_400);
    },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(runs).toBe(1);
  expect(messages()).toEqual([]);
});

test.concurrent('the messages of a subscription reach its handler, and dead-letter there', async (context) => {
  const seen: string[] = [];
  const entities = {
    queues: { parcels: {} },
    topics: { orders: { subscriptions: { audit: { maxDeliveryCount: 1 } } } },
  };
  const { bus, service, send } = await startWithBroker(context, {
    entities,
    business: {
      sends: ['orders'],
      handlers: {
        'orders/audit': async ({ messageId }) => {
          seen.push(String(messageId));
          if (messageId === 'bad') throw new Error('no');
        },
      },
    },
  });
  service.start();
  await send('orders', message('good'));
  await send('orders', message('bad'));
  const { queue } = bus.entities.subscription('orders', 'audit') ?? {};
  await eventually(() => expect(inQueue(bus, queue)).toMatchObject({ total: 0, deadLettered: 1 }));
  expect(seen.sort()).toEqual(['bad', 'good']);
  expect(service.messaging.sources).toMatchObject([{ name: 'orders/audit', maxDeliveryCount: 1 }]);
});

test.concurrent('without the role worker nothing is received', async (context) => {
  const { bus, service, send } = await startWithBroker(context, { roles: ['api'], handler: async () => {} });
  service.start();
  await send('parcels', message('a'));
  expect(service.messaging.sources).toEqual([]);
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 0 });
});
