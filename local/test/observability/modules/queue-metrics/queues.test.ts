import { expect, onTestFinished, test } from 'vitest';
import { type EventDefinition, watchEvents } from '../../../../../src/observability/events.ts';
import { createQueueCounts } from '../../../../../src/observability/modules/queue-metrics/queue-counts.ts';
import type { QueueReading } from '../../../../../src/observability/modules/queue-metrics/queue-instruments.ts';
import { startQueueReader } from '../../../../../src/observability/modules/queue-metrics/queue-reader.ts';
import { eventually, inQueue, message, startWithBroker } from '../../../platform/service-bus/with-broker.ts';

const entities = {
  queues: { parcels: { deadLetteringOnMessageExpiration: true }, 'orders.audit.retry': {} },
  topics: { orders: { subscriptions: { audit: { deadLetteringOnMessageExpiration: true } } } },
};

/** Messaging that receives nothing yet, with a reader of its three sources. */
async function read() {
  const handler = async () => {};
  const business = { sends: ['parcels', 'orders'], handlers: { parcels: handler, 'orders/audit': handler } };
  const started = await startWithBroker({ onTestFinished }, { entities, business });
  const { bus, service, log, messages } = started;
  const connection = { kind: 'connection-string', connectionString: bus.connectionString } as const;
  const readings = new Map<string, QueueReading>();
  const readCounts = createQueueCounts(connection, bus.adminUrl, undefined);
  const show = ({ name }: { name: string }, reading: QueueReading) => void readings.set(name, reading);
  const clock = { now: () => new Date() };
  startQueueReader({ messaging: service.messaging, readCounts, show, clock, log, everyMs: 20 });
  await eventually(() => expect(readings.size).toBe(3));
  return { ...started, readings, messages };
}

test('the counts of queues and of each subscription are read through the administration client', async () => {
  const { send, readings, messages } = await read();
  await send('parcels', message('one'));
  await send('parcels', { ...message('later'), scheduledEnqueueTimeUtc: new Date(Date.now() + 3_600_000) });
  await send('orders', message('news'));
  await send('orders', message('more news'));
  await eventually(() => {
    expect(readings.get('parcels')).toMatchObject({ active: 1, scheduled: 1, deadLetters: 0 });
    expect(readings.get('orders/audit')).toMatchObject({ active: 2, deadLetters: 0 });
    expect(readings.get('orders.audit.retry')).toMatchObject({ active: 0, oldestAge: 0 });
  });
  await eventually(() => expect(readings.get('parcels')?.oldestAge).toBeGreaterThan(0));
  expect(readings.get('parcels')?.oldestAge).toBeLessThan(60);
  expect(messages()).toEqual([]);
});

test('a message that the broker alone dead-lettered is announced once, with what it was and in its own trace', async () => {
  const { bus, send, readings } = await read();
  const found: Readonly<Record<string, unknown>>[] = [];
  const record = ({ name }: EventDefinition, values: Readonly<Record<string, unknown>>) => {
    if (name === 'message.deadLettered') found.push(values);
  };
  onTestFinished(watchEvents(record));
  await send('parcels', { ...message('short-lived'), timeToLive: 1 });
  await send('orders', { ...message('old-news'), timeToLive: 1 });
  await eventually(() => expect(inQueue(bus).deadLettered).toBe(1));
  await eventually(() => expect(found).toHaveLength(2));
  await eventually(() => expect(readings.get('parcels')).toMatchObject({ deadLetters: 1 }));
  const expired = { sequenceNumber: expect.stringMatching(/^\d+$/), reason: 'TTLExpiredException' };
  expect(found).toEqual([
    expect.objectContaining({ source: 'parcels', messageId: 'short-lived', ...expired }),
    expect.objectContaining({ source: 'orders/audit', messageId: 'old-news', ...expired }),
  ]);
});
