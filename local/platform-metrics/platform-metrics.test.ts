import { expect, onTestFinished, test } from 'vitest';
import { errorOf, openBroker, take } from '../service-bus/testing/open-broker.ts';
import { type Aggregation, type PlatformMetrics, startPlatformMetrics } from './index.ts';

const start = (serviceBus: Parameters<typeof startPlatformMetrics>[0]['serviceBus']) => {
  const metrics = startPlatformMetrics({ serviceBus });
  onTestFinished(metrics.stop);
  return metrics;
};

/** The metric since the test began, by entity where there are some. */
function valuesOf(metrics: PlatformMetrics, metric: string, aggregation: Aggregation, byEntity = true) {
  const [from, to] = [new Date(Date.now() - 60 * 60_000), new Date(Date.now() + 60_000)];
  const dimensions = byEntity ? { EntityName: ['*'] } : {};
  const series = metrics.readMetric({ metric, dimensions, from, to, grain: 24 * 60, aggregation });
  // Around midnight there are two points.
  const last = (points: { value: number }[]) =>
    aggregation === 'Total' ? points.reduce((sum, { value }) => sum + value, 0) : points.at(-1)?.value;
  return Object.fromEntries(series.map(({ dimensions, points }) => [dimensions.EntityName ?? 'all', last(points)]));
}

test('what happens to messages is counted once, by queue and by topic', async () => {
  const { broker, client } = await openBroker({
    entities: { queues: { parcels: {}, quiet: {} }, topics: { notices: { subscriptions: { one: {}, two: {} } } } },
  });
  const metrics = start(broker);
  await client.createSender('parcels').sendMessages(['a', 'b', 'c', 'd'].map((body) => ({ body })));
  await client.createSender('notices').sendMessages({ body: 'news' });
  const receiver = client.createReceiver('parcels');
  const [a, b, c] = await take(receiver, 3);
  if (!a || !b || !c) throw new Error('three messages were sent');
  await receiver.completeMessage(a);
  await receiver.abandonMessage(b);
  expect(valuesOf(metrics, 'CompleteMessage', 'Total')).toEqual({ parcels: 1, quiet: 0, notices: 0 });
  await receiver.deadLetterMessage(c);
  expect(valuesOf(metrics, 'IncomingMessages', 'Total')).toEqual({ parcels: 4, quiet: 0, notices: 1 });
  expect(valuesOf(metrics, 'CompleteMessage', 'Total')).toEqual({ parcels: 1, quiet: 0, notices: 0 });
  expect(valuesOf(metrics, 'AbandonMessage', 'Total')).toEqual({ parcels: 1, quiet: 0, notices: 0 });
  expect(valuesOf(metrics, 'DeadletteredMessages', 'Maximum')).toEqual({ parcels: 1, quiet: 0, notices: 0 });
  expect(valuesOf(metrics, 'ActiveMessages', 'Maximum')).toMatchObject({ quiet: 0, notices: 2 });
});

test('refusals are counted by their kind, also those of a subscription', async () => {
  const { broker, connect } = await openBroker({
    entities: { queues: { parcels: {} }, topics: { notices: { subscriptions: { one: {} } } } },
  });
  const metrics = start(broker);
  const client = connect({ maxRetries: 0, timeoutInMs: 5_000 });
  const sender = client.createSender('parcels');
  broker.faults.refuseSends({ times: 2 });
  for (const body of ['a', 'b']) await errorOf(sender.sendMessages({ body }));
  broker.faults.refuseSends({ times: 1, condition: 'amqp:internal-error', description: 'broken' });
  await errorOf(sender.sendMessages({ body: 'c' }));
  await client.createSender('notices').sendMessages({ body: 'news' });
  const receiver = client.createReceiver('notices', 'one');
  const [news] = await take(receiver);
  broker.faults.refuseSettlements({ times: 1, condition: 'com.microsoft:server-busy', description: 'busy' });
  if (news) await errorOf(receiver.completeMessage(news));
  expect(valuesOf(metrics, 'ThrottledRequests', 'Total')).toEqual({ parcels: 2, notices: 1 });
  expect(valuesOf(metrics, 'ServerErrors', 'Total')).toEqual({ parcels: 1, notices: 0 });
});

test('an entity that is replaced is counted anew, and nothing of it is negative', async () => {
  const { broker, client, admin } = await openBroker({ entities: { queues: { parcels: {} } } });
  const metrics = start(broker);
  await client.createSender('parcels').sendMessages([{ body: 'a' }, { body: 'b' }]);
  expect(valuesOf(metrics, 'IncomingMessages', 'Total')).toEqual({ parcels: 2 });
  await admin.deleteQueue('parcels');
  await admin.createQueue('parcels');
  expect(valuesOf(metrics, 'IncomingMessages', 'Minimum')).toEqual({ parcels: 0 });
  await client.createSender('parcels').sendMessages({ body: 'c' });
  expect(valuesOf(metrics, 'IncomingMessages', 'Total')).toEqual({ parcels: 3 });
});

test('the service is one replica while it runs, and what ends by itself counts as a restart', () => {
  const metrics = start(undefined);
  const now = (metric: string, aggregation: Aggregation) => valuesOf(metrics, metric, aggregation, false).all;
  expect(now('Replicas', 'Maximum')).toBe(0);
  metrics.service.started(process.pid);
  expect(now('Replicas', 'Maximum')).toBe(1);
  metrics.service.ended(false);
  expect(now('RestartCount', 'Maximum')).toBe(0);
  metrics.service.started(process.pid);
  metrics.service.ended(true);
  expect(now('RestartCount', 'Maximum')).toBe(1);
});

test('the memory of the service is measured where the system tells it', ({ skip }) => {
  skip(process.platform === 'win32', 'Windows does not tell the memory of a process without a tool');
  const metrics = start(undefined);
  metrics.service.started(process.pid);
  const bytes = valuesOf(metrics, 'WorkingSetBytes', 'Maximum', false).all ?? 0;
  const own = process.memoryUsage.rss();
  expect(bytes).toBeGreaterThan(own * 0.5);
  expect(bytes).toBeLessThan(own * 2);
});
