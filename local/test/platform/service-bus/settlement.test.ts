import { expect, test } from 'vitest';
import type { Delivery, ReceiveMiddleware, Settlement } from '../../../../src/platform/messaging.ts';
import { eventually, inQueue, later, message, startWithBroker } from './with-broker.ts';

/** Decides so once, and to complete ever after. */
const once = (decision: Settlement | ((delivery: Delivery) => Settlement)): ReceiveMiddleware => {
  let decided = false;
  return async (delivery, next) => {
    const settlement = await next();
    if (decided) return settlement;
    decided = true;
    return typeof decision === 'function' ? decision(delivery) : decision;
  };
};

test.concurrent('around wraps receive, which wraps the handler; settling lies inside around', async (context) => {
  const order: string[] = [];
  const wrap =
    (name: string): ReceiveMiddleware =>
    async ({ message, source }, next) => {
      order.push(`${name} in ${source.name} ${message.messageId}`);
      const settlement = await next();
      order.push(`${name} out ${settlement.kind}`);
      return settlement;
    };
  const { bus, service, send } = await startWithBroker(context, {
    around: [wrap('around 1'), wrap('around 2')],
    receive: [wrap('receive')],
    handler: async () => void order.push('handler'),
    business: { settled: () => order.push('settled') },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(order).toHaveLength(8));
  expect(inQueue(bus).total).toBe(0);
  expect(order).toEqual([
    'around 1 in parcels a',
    'around 2 in parcels a',
    'receive in parcels a',
    'handler',
    'receive out complete',
    'settled',
    'around 2 out complete',
    'around 1 out complete',
  ]);
});

test.concurrent('a decision to dead-letter arrives with reason, description and properties', async (context) => {
  const settled: Settlement[] = [];
  const decision: Settlement = {
    kind: 'dead-letter',
    reason: 'NoRoute',
    description: 'x'.repeat(5_000),
    properties: { attempts: 2 },
  };
  const { bus, service, send } = await startWithBroker(context, {
    receive: [once(decision)],
    handler: async () => {},
    business: { settled: (_message, settlement) => settled.push(settlement) },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(settled).toEqual([decision]));
  const [dead] = bus.entities.queue('parcels')?.queue.deadLetters?.peek(0, 1) ?? [];
  expect(dead?.changedProperties).toEqual({
    attempts: 2,
    DeadLetterReason: 'NoRoute',
    DeadLetterErrorDescription: 'x'.repeat(4_096),
  });
});

test.concurrent('an abandon carries its properties', async (context) => {
  const seen: unknown[] = [];
  const { service, send } = await startWithBroker(context, {
    receive: [once({ kind: 'abandon', properties: { note: 'again' } })],
    handler: async ({ applicationProperties, deliveryCount }) =>
      void seen.push([deliveryCount, applicationProperties?.note]),
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() =>
    expect(seen).toEqual([
      [0, undefined],
      [1, 'again'],
    ]),
  );
});

test.concurrent('later sends a copy for that time, through the send middlewares, then completes', async (context) => {
  const seen: unknown[] = [];
  const sent: unknown[] = [];
  let at = Number.POSITIVE_INFINITY;
  const { bus, service, send } = await startWithBroker(context, {
    entities: { queues: { parcels: { requiresDuplicateDetection: true } } },
    receive: [
      once(({ message }) => {
        at = Date.now() + 300;
        return later(message, 2, { why: 'busy' }, new Date(at));
      }),
    ],
    send: [
      async ({ entity, message, cause }, next) => {
        sent.push([entity, message.messageId, cause?.message.messageId]);
        await next();
      },
    ],
    handler: async ({ messageId, applicationProperties, body }, { attempt }) => {
      seen.push({ messageId, applicationProperties, body: String(body), attempt, due: Date.now() >= at });
    },
  });
  service.start();
  await send('parcels', message('a', 'content'));
  await eventually(() => expect(seen).toHaveLength(2));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  const copyId = 'copy of a';
  const own = { 'obs-original-id': 'a', 'obs-attempt': 2, 'obs-copy': 2 };
  const same = { body: 'content' };
  expect(seen).toEqual([
    { ...same, messageId: 'a', applicationProperties: undefined, attempt: 1, due: false },
    { ...same, messageId: copyId, applicationProperties: { why: 'busy', ...own }, attempt: 2, due: true },
  ]);
  expect(sent).toEqual([
    ['parcels', 'a', undefined],
    ['parcels', copyId, 'a'],
  ]);
});

test.concurrent('later keeps the message when the copy cannot be sent', async (context) => {
  const settled: unknown[] = [];
  const { bus, service, send, lines } = await startWithBroker(context, {
    settings: { sendTimeoutMs: 1_000, handlerTimeoutMs: 30_000 },
    receive: [once(({ message }) => later(message, 2))],
    handler: async () => bus.faults.refuseSends(),
    business: { settled: (_message, settlement) => settled.push(settlement) },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(lines).toHaveLength(1));
  expect(lines[0]).toMatchObject({
    severity: 'warning',
    message: 'message settlement failed',
    fields: { source: 'parcels', messageId: 'a', settlement: 'later', failures: 1 },
  });
  expect(inQueue(bus)).toMatchObject({ total: 1, locked: 1 });
  expect(settled).toEqual([]);
});

test.concurrent('a message that has no room for what a copy carries is a dead letter that says so, at once', async (context) => {
  const settled: unknown[] = [];
  const { bus, service, send } = await startWithBroker(context, {
    handler: async () => {},
    receive: [async ({ message }) => later(message, 2, { history: 'x'.repeat(2_000) })],
    business: { settled: (_message, settlement) => settled.push(settlement) },
  });
  await send('parcels', { messageId: 'large', body: Buffer.alloc(262_144 - 1_000) });
  service.start();
  await eventually(() => expect(inQueue(bus)).toMatchObject({ total: 0, deadLettered: 1 }));
  await eventually(() => expect(settled).toMatchObject([{ kind: 'dead-letter', reason: 'MessageTooLarge' }]));
});

test.concurrent('the copies of a subscription go to its queue, and come from there to the same handler', async (context) => {
  const seen: unknown[] = [];
  const { service, send } = await startWithBroker(context, {
    entities: {
      queues: { 'orders.audit.retry': {} },
      topics: { orders: { subscriptions: { audit: {}, other: {} } } },
    },
    receive: [once(({ message }) => later(message, 2))],
    business: {
      sends: ['orders'],
      handlers: { 'orders/audit': async (_message, { attempt }) => void seen.push(attempt) },
    },
  });
  service.start();
  await send('orders', message('a'));
  await eventually(() => expect(seen).toEqual([1, 2]));
  expect(service.messaging.sources.map(({ name }) => name)).toEqual(['orders/audit', 'orders.audit.retry']);
});

test.concurrent('a lost lock is logged and counted, and the business hears of it only when it is settled', async (context) => {
  const settled: { id: unknown; failed: number }[] = [];
  const caught: unknown[] = [];
  const { bus, service, send, lines } = await startWithBroker(context, {
    around: [
      async (_delivery, next) => {
        try {
          return await next();
        } catch (error) {
          caught.push(error);
          throw error;
        }
      },
    ],
    handler: async () => {},
    business: { settled: ({ messageId, deliveryCount = 0 }) => settled.push({ id: messageId, failed: deliveryCount }) },
  });
  bus.faults.refuseSettlements({ times: 2 });
  service.start();
  await send('parcels', message('a'));
  await send('parcels', message('b'));
  await eventually(() => expect(lines).toHaveLength(2));
  expect(lines).toMatchObject([
    { message: 'message settlement failed', fields: { failures: 1, error: { code: 'MessageLockLost' } } },
    { message: 'message settlement failed', fields: { failures: 2 } },
  ]);
  expect(caught).toHaveLength(2);
  // Only what the broker has confirmed, after it has given them out again.
  await eventually(() => expect(settled).toHaveLength(2));
  expect(settled.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
  expect(settled.reduce((sum, { failed }) => sum + failed, 0)).toBe(2);
});

test.concurrent('a settlement that is not answered is tried again, and is given up at its deadline', async (context) => {
  const settled: string[] = [];
  const { bus, service, send, lines } = await startWithBroker(context, {
    concurrency: 1,
    answerTimeoutMs: 600,
    handler: async () => {},
    business: { settled: ({ messageId }) => settled.push(String(messageId)) },
  });
  service.start();
  bus.faults.ignoreSettlements({ times: 1 });
  await send('parcels', message('a'));
  await eventually(() => expect(settled).toEqual(['a']));

  bus.faults.ignoreSettlements();
  await send('parcels', message('b'));
  await eventually(() => expect(lines).toHaveLength(1));
  expect(lines[0]).toMatchObject({ message: 'message settlement failed', fields: { messageId: 'b' } });

  bus.faults.clear();
  await send('parcels', message('c'));
  await eventually(() => expect(settled).toEqual(['a', 'c']));
});

test.concurrent('a middleware that breaks gives the message back', async (context) => {
  let broken = true;
  const settled: string[] = [];
  const { service, send, messages } = await startWithBroker(context, {
    around: [
      async (_delivery, next) => {
        if (broken) {
          broken = false;
          throw new Error('bug');
        }
        return next();
      },
    ],
    handler: async () => {},
    business: { settled: (_message, { kind }) => settled.push(kind) },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(settled).toEqual(['abandon', 'complete']));
  expect(messages()).toEqual(['message middleware failed']);
});

test.concurrent('a business that fails to take note of a settlement does no harm', async (context) => {
  const { bus, service, send, messages } = await startWithBroker(context, {
    handler: async () => {},
    business: {
      settled: () => {
        throw new Error('bug');
      },
    },
  });
  service.start();
  await send('parcels', message('a'));
  await eventually(() => expect(messages()).toEqual(['the business failed to take note of a settlement']));
  expect(inQueue(bus).total).toBe(0);
});
