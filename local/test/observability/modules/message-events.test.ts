import { expect, onTestFinished, test } from 'vitest';
import { type EventDefinition, watchEvents } from '../../../../src/observability/events.ts';
import { announceDelivery, announceSend } from '../../../../src/observability/modules/custom-events/message-events.ts';
import type { Handler } from '../../../../src/platform/business.ts';
import { property } from '../../../../src/platform/message-properties.ts';
import type { ReceiveMiddleware } from '../../../../src/platform/messaging.ts';
import { eventually, inQueue, later, message, startWithBroker } from '../../platform/service-bus/with-broker.ts';

type Values = Readonly<Record<string, unknown>>;

/** The events of messages of the entities `parcels` and `orders/audit` while the handler runs. */
async function eventsOf(handler: Handler, receive: ReceiveMiddleware[] = [], entity = 'parcels') {
  const events: [name: string, values: Values][] = [];
  const ids = new Set<unknown>();
  const record = ({ name }: EventDefinition, values: Values) => {
    if (name.startsWith('message.') && ids.has(values.messageId)) events.push([name.slice(8), values]);
  };
  onTestFinished(watchEvents(record));
  const entities = {
    queues: { parcels: { maxDeliveryCount: 2 }, 'orders.audit.retry': {} },
    topics: { orders: { subscriptions: { audit: {} } } },
  };
  const business = { sends: ['parcels', 'orders'], handlers: { parcels: handler, 'orders/audit': handler } };
  const slots = { around: [announceDelivery], send: [announceSend], receive };
  const { bus, service, send } = await startWithBroker({ onTestFinished }, { entities, business, ...slots });
  service.start();
  const id = `${entity}-${performance.now()}`;
  ids.add(id);
  await send(entity, message(id));
  return { events, bus, id, names: () => events.map(([name]) => name) };
}

test('a message is queued, attempted and completed, each under its original id', async () => {
  const { events, id, names } = await eventsOf(async () => {});
  await eventually(() => expect(names()).toContain('completed'));
  expect(names()).toEqual(['queued', 'attempted', 'completed']);
  expect(events[0]?.[1]).toEqual({ source: 'parcels', messageId: id });
  const sequenceNumber = expect.stringMatching(/^\d+$/);
  const step = { source: 'parcels', messageId: id, sequenceNumber, attempt: 1, delivery: 1, ageMs: expect.any(Number) };
  expect(events[2]?.[1]).toEqual(step);
  expect(events[2]?.[1].ageMs).toBeGreaterThanOrEqual(0);
});

test('an abandon is told, and the last one, after which the broker dead-letters, as a dead letter with its reason', async () => {
  const { events, bus, names } = await eventsOf(async () => {
    throw new Error('It fails.');
  });
  await eventually(() => expect(inQueue(bus).deadLettered).toBe(1));
  await eventually(() => expect(names()).toContain('deadLettered'));
  expect(names()).toEqual(['queued', 'attempted', 'abandoned', 'attempted', 'deadLettered']);
  expect(events.at(-1)?.[1]).toMatchObject({ reason: 'MaxDeliveryCountExceeded', attempt: 2 });
});

test('a copy for a further attempt is a retry, one for the same attempt is put aside, and no copy is a first send', async () => {
  let deliveries = 0;
  const decide: ReceiveMiddleware = async ({ message: received }, next) => {
    deliveries += 1;
    if (deliveries === 1) return later(received, 2);
    return deliveries === 2 ? later(received, 2) : next();
  };
  const { events, id, names } = await eventsOf(async () => {}, [decide]);
  await eventually(() => expect(names()).toContain('completed'));
  // The broker may deliver a copy before it confirms the message that was copied.
  const steps = ['attempted', 'attempted', 'attempted', 'completed', 'putAside', 'queued', 'retried'];
  expect(names().toSorted()).toEqual(steps);
  const [, retried] = events.find(([name]) => name === 'retried') ?? [];
  expect(retried).toMatchObject({ attempt: 1, until: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(new Set(events.map(([, { messageId }]) => messageId))).toEqual(new Set([id]));
});

test('the copies of the messages of a subscription are messages of that subscription', async () => {
  let deliveries = 0;
  const once: ReceiveMiddleware = async ({ message: received }, next) =>
    ++deliveries === 1 ? later(received, 2) : next();
  const { events, names } = await eventsOf(async () => {}, [once], 'orders');
  await eventually(() => expect(names()).toContain('completed'));
  expect(new Set(events.slice(1).map(([, { source }]) => source))).toEqual(new Set(['orders/audit']));
});

test('a canary is no message of a business: it is not announced as queued', async () => {
  const { service, send } = await startWithBroker({ onTestFinished }, { send: [announceSend] });
  const announced: unknown[] = [];
  onTestFinished(
    watchEvents(({ name }, { source, messageId }) => {
      if (name === 'message.queued' && source === 'parcels') announced.push(messageId);
    }),
  );
  const canary = { messageId: 'canary', body: Buffer.alloc(0), applicationProperties: { [property.canary]: true } };
  await service.messaging.sendCopy({ entity: 'parcels', message: canary });
  await send('parcels', message('no canary'));
  expect(announced.filter((id) => id === 'canary' || id === 'no canary')).toEqual(['no canary']);
});
