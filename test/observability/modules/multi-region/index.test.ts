import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import type { Contribution } from '../../../../src/observability/module.ts';
import { setUp } from '../../../../src/observability/modules/multi-region/index.ts';
import { manifest } from '../../../../src/observability/modules/multi-region/manifest.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

const local = (host: string) => `Endpoint=sb://${host};SharedAccessKeyName=x;SharedAccessKey=y`;

async function start({ region = 'westus3', target = undefined as string | undefined, roles = ['api', 'worker'] } = {}) {
  const settings = { region, sendTimeoutMs: 1_000 };
  const variables = { SERVICEBUS_FALLBACK_NAMESPACE: target };
  const context = { settings, variables, service: { roles }, credential: undefined, log: recordedLog() };
  return (await setUp(context as unknown as Parameters<typeof setUp>[0])) as Contribution;
}

test('spans, log records and log lines name the region', async () => {
  const { azureMonitor, logFields, send } = await start();
  const attributes: Record<string, unknown> = {};
  const span = { setAttribute: (key: string, value: unknown) => void Object.assign(attributes, { [key]: value }) };
  azureMonitor?.spanProcessors?.[0]?.onStart(span as never, {} as never);
  expect(attributes).toEqual({ region: 'westus3' });
  expect(logFields?.map((fields) => fields())).toEqual([{ region: 'westus3' }]);
  expect(send).toBeUndefined();
});

test('an event keeps a field of the business that is called region', async () => {
  const { azureMonitor } = await start();
  const rows: unknown[] = [];
  const ends = { forceFlush: async () => {}, shutdown: async () => {} };
  const keep = { onEmit: ({ attributes }: { attributes: object }) => void rows.push({ ...attributes }), ...ends };
  const processors = [...(azureMonitor?.logRecordProcessors ?? []), keep];
  const logger = new LoggerProvider({ processors }).getLogger('events');
  logger.emit({ attributes: { orderId: '1' } });
  logger.emit({ attributes: { orderId: '2', region: 'north' } });
  expect(rows).toEqual([
    { orderId: '1', region: 'westus3' },
    { orderId: '2', region: 'north' },
  ]);
});

test('a metric names the region, once for each set of its own attributes, and keeps one that is called region', async () => {
  const { azureMonitor } = await start();
  const exporter = new InMemoryMetricExporter(0);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader], views: azureMonitor?.views ?? [] });
  const counter = provider.getMeter('own').createCounter('orders');
  counter.add(2, { queue: 'a' });
  counter.add(3, { queue: 'a', region: 'north' });
  await reader.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  await provider.shutdown();
  expect(
    metrics.map(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ ...attributes, value }))),
  ).toEqual([
    [
      { queue: 'a', region: 'westus3', value: 2 },
      { queue: 'a', region: 'north', value: 3 },
    ],
  ]);
});

test('where the region is unknown, telemetry has no empty one', async () => {
  expect(await start({ region: '' })).toEqual({});
});

test('with another region messages have a way out, and its loss is told without making the replica unready', async () => {
  const { send, healthChecks, stop } = await start({ target: local('127.0.0.1:1') });
  expect(send).toHaveLength(1);
  expect(healthChecks).toMatchObject([{ name: 'other-region', needed: false }]);
  await stop?.(AbortSignal.abort());
});

test('a command, which has no roles, connects to no other region', async () => {
  const { send, healthChecks } = await start({ target: local('127.0.0.1:1'), roles: [] });
  expect({ send, healthChecks }).toEqual({ send: undefined, healthChecks: undefined });
});

test('a namespace without a credential is refused with the name of the variable', async () => {
  await expect(start({ target: 'other.servicebus.windows.net' })).rejects.toThrow('SERVICEBUS_FALLBACK_NAMESPACE');
});

test.each([
  ['other.servicebus.windows.net', true],
  [local('127.0.0.1:5672'), true],
  [local('localhost:5672/'), true],
  [local('[::1]:5672'), true],
  [local('other.servicebus.windows.net'), false],
  ['other', false],
])('the other region %s: %s', (text, allowed) => {
  expect(manifest.variables.SERVICEBUS_FALLBACK_NAMESPACE.schema.safeParse(text).success).toBe(allowed);
});
