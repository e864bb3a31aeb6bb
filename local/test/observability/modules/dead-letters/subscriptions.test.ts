import { expect, test, vi } from 'vitest';
import { originalIdOf } from '../../../../../src/platform/message-properties.ts';
import { entities as given, startWithDeadLetters } from './with-dead-letters.ts';

const patience = { timeout: 5_000, interval: 10 };
const orders = { orders: { requiresDuplicateDetection: true, subscriptions: { audit: {}, billing: {} } } };
const order = { messageId: 'o-1', body: Buffer.from('order') };

test.concurrent('the retries of a subscription reach that subscriber alone', async (context) => {
  const seen: string[] = [];
  const entities = { queues: { 'orders.billing.retry': given.queues.parcels }, topics: orders };
  const { bus, service, send } = await startWithDeadLetters(context, {
    entities,
    business: {
      sends: ['orders'],
      handlers: {
        'orders/audit': async (received) => void seen.push(`audit ${originalIdOf(received)}`),
        'orders/billing': async (received, { attempt }) => {
          seen.push(`billing ${originalIdOf(received)} ${attempt}`);
          if (attempt < 3) throw new Error('not yet');
        },
      },
    },
  });
  service.start();
  await send('orders', order);
  await vi.waitFor(() => expect(seen).toHaveLength(4), patience);
  expect(seen.toSorted()).toEqual(['audit o-1', 'billing o-1 1', 'billing o-1 2', 'billing o-1 3']);
  const left = [
    bus.entities.subscription('orders', 'audit')?.queue,
    bus.entities.subscription('orders', 'billing')?.queue,
    bus.entities.queue('orders.billing.retry')?.queue,
  ];
  await vi.waitFor(() => expect(left.map((queue) => queue?.counts().total)).toEqual([0, 0, 0]), patience);
});

test.concurrent('without its queue for copies a subscription is named at start, and left to the broker', async (context) => {
  const seen: unknown[] = [];
  const { bus, start, send, platformMessages } = await startWithDeadLetters(context, {
    entities: { topics: { orders: { subscriptions: { billing: { maxDeliveryCount: 3 } } } } },
    business: {
      sends: ['orders'],
      handlers: {
        'orders/billing': async ({ messageId }) => {
          seen.push(messageId);
          throw new Error('never');
        },
      },
    },
  });
  await expect(start()).rejects.toThrow(
    'Failed messages of "orders/billing" are not retried later, because a topic would give the copy to every ' +
      'subscription: add the queue "orders.billing.retry" to infra/queues.json.',
  );
  await send('orders', order);
  const queue = bus.entities.subscription('orders', 'billing')?.queue;
  await vi.waitFor(() => expect(queue?.counts()).toMatchObject({ total: 1, deadLetter: 1 }), patience);
  expect(seen).toEqual(['o-1', 'o-1', 'o-1']);
  expect(platformMessages()).not.toContain('message settlement failed');
});
