import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportsBrokerMetrics } from './diagnostic-settings.ts';
import { createMinutes, exportedRows } from './exported-metrics.ts';
import { createMetricStore } from './metric-store.ts';

test('a minute is exported as one row for each metric of messages that Azure exports, without its entities', () => {
  let time = new Date('2026-11-22T10:00:30Z');
  const store = createMetricStore({ now: () => time });
  store.record('IncomingMessages', { EntityName: 'a' }, 3);
  store.record('IncomingMessages', { EntityName: 'b' }, 1);
  store.record('DeadletteredMessages', { EntityName: 'a' }, 7);
  time = new Date('2026-11-22T10:01:00Z');
  store.record('IncomingMessages', { EntityName: 'a' }, 100);
  expect(exportedRows(store, new Date('2026-11-22T10:00:00Z'))).toEqual([
    {
      TimeGenerated: '2026-11-22T10:00:00.000Z',
      Type: 'AzureMetrics',
      MetricName: 'IncomingMessages',
      ...{ Total: 4, Count: 2, Minimum: 1, Maximum: 3, Average: 2 },
      ...{ TimeGrain: 'PT1M', UnitName: 'Count', ResourceProvider: 'MICROSOFT.SERVICEBUS', Resource: 'LOCAL' },
    },
  ]);
});

test('each minute is told once, when it has ended', () => {
  let time = new Date('2026-11-22T10:00:59.999Z');
  const ended = createMinutes(() => time);
  expect(ended()).toEqual([]);
  time = new Date('2026-11-22T10:02:00Z');
  expect(ended()).toEqual([new Date('2026-11-22T10:00:00Z'), new Date('2026-11-22T10:01:00Z')]);
  expect(ended()).toEqual([]);
});

test('metrics are exported where a template has a diagnostic setting of the namespace that sends them', async ({
  onTestFinished,
}) => {
  const root = await mkdtemp(join(tmpdir(), 'settings ü '));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const setting = (scope: string, properties: object) => ({
    resources: {
      inner: {
        type: 'Microsoft.Resources/deployments',
        properties: {
          template: { resources: [{ type: 'Microsoft.Insights/diagnosticSettings', scope, properties }] },
        },
      },
    },
  });
  const bus = "[resourceId('Microsoft.ServiceBus/namespaces', parameters('namespaceName'))]";
  const app = "[resourceId('Microsoft.App/managedEnvironments', parameters('name'))]";
  const metrics = [{ category: 'AllMetrics', enabled: true }];
  expect(exportsBrokerMetrics(root)).toBe(false);
  await mkdir(join(root, 'infra'));
  const given = async (content: object) => {
    await writeFile(join(root, 'infra', 'main.json'), JSON.stringify(content));
    return exportsBrokerMetrics(root);
  };
  expect(await given(setting(bus, { logs: [] }))).toBe(false);
  expect(await given(setting(bus, { metrics: [{ category: 'AllMetrics', enabled: false }] }))).toBe(false);
  expect(await given(setting(app, { metrics }))).toBe(false);
  expect(await given(setting(bus, { metrics }))).toBe(true);
});
