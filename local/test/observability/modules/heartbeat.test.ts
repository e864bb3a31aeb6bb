import { expect, onTestFinished, test } from 'vitest';
import { createCanaries } from '../../../../src/observability/modules/heartbeat/canaries.ts';
import { property } from '../../../../src/platform/message-properties.ts';
import { eventually, inQueue, message, startWithBroker } from '../../platform/service-bus/with-broker.ts';

const everyMs = 300_000;
const queue = { requiresDuplicateDetection: true };
const topics = { orders: { subscriptions: { audit: {} } } };
const entities = { queues: { parcels: queue, 'orders.audit.retry': {} }, topics };

/** A broker and messaging, whose worker receives only after `service.start()`. */
async function start() {
  const handled: unknown[] = [];
  const handler = async ({ messageId }: { messageId?: unknown }) => void handled.push(messageId);
  const business = { sends: ['parcels'], handlers: { parcels: handler, 'orders/audit': handler } };
  const started = await startWithBroker({ onTestFinished }, { entities, business });
  return { ...started, handled, sendCanaries: createCanaries(started.service.messaging, everyMs) };
}

test('a canary goes into each empty queue and into no topic, and a worker completes it without the handler', async () => {
  const { bus, service, handled, sendCanaries, messages } = await start();
  expect(await sendCanaries()).toEqual([]);
  const { sources, peek } = service.messaging;
  const held = await Promise.all(sources.map(async (source) => [source.name, (await peek(source, 10)).length]));
  expect(Object.fromEntries(held)).toEqual({ parcels: 1, 'orders.audit.retry': 1, 'orders/audit': 0 });
  service.start();
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(await sendCanaries()).toEqual([]);
  expect(handled).toEqual([]);
  expect(messages()).toEqual([]);
});

test('a queue whose canary no worker takes is named, and gets no second one', async () => {
  const { bus, sendCanaries } = await start();
  await sendCanaries();
  expect(await sendCanaries()).toEqual(['parcels', 'orders.audit.retry']);
  expect(inQueue(bus).total).toBe(1);
});

test('a queue with ordinary messages gets no canary and is not named', async () => {
  const { bus, send, sendCanaries } = await start();
  await send('parcels', message('one'));
  expect(await sendCanaries()).toEqual([]);
  expect(inQueue(bus).ids).toEqual(['one']);
});

test('the canaries of several replicas have one id, so that a queue with duplicate detection keeps one', async () => {
  const { bus, service } = await start();
  const now = () => 1_000 * everyMs;
  const replicas = [1, 2, 3].map(() => createCanaries(service.messaging, everyMs, now));
  await Promise.all(replicas.map((sendCanaries) => sendCanaries()));
  expect(inQueue(bus).ids).toEqual(['canary-parcels-1000']);
});

test('a business cannot send a canary by accident', async () => {
  const { service, send, handled } = await start();
  service.start();
  const canary = { [property.canary]: true };
  await send('parcels', { messageId: 'forwarded', body: Buffer.alloc(0), applicationProperties: canary });
  await eventually(() => expect(handled).toEqual(['forwarded']));
});

test('while the broker is down the error reaches the caller', async () => {
  const { bus, sendCanaries } = await start();
  await bus.stop();
  await expect(sendCanaries()).rejects.toThrow();
});
