import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { memoryTables } from '../kql/memory-tables.fixture.ts';
import { ticksOfDate } from '../kql/ticks.ts';
import type { MetricSeries } from '../platform-metrics/index.ts';
import { webhookUrl } from './alert-webhook.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import type { AlertNotice } from './evaluated-rule.ts';
import { startLiveAlerts } from './live-alerts.ts';
import { someLogRule, someMetricRule } from './rules.fixture.ts';

const schema = {
  AppRequests: { TimeGenerated: 'datetime', AppRoleName: 'string', Success: 'bool', ItemCount: 'int' },
} as const;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 0, minute));

/** A receiver of alerts on this machine that answers with `status`. */
async function receiver(status = 200) {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await json(request));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { bodies, url: webhookUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`) };
}

/** Live alerts whose minutes the test lets pass. `depth` is what the metric says. */
async function live({ rules, webhook }: { rules: () => DeployedRule[]; webhook?: URL }) {
  const tables = await memoryTables(schema);
  const connection = await tables.connection();
  const told: AlertNotice[] = [];
  const warnings: string[] = [];
  const given = { depth: 0 };
  let pass: (minute: Date) => Promise<void> = async () => undefined;
  const alerts = startLiveAlerts({
    ...{ tables, rules, webhook },
    readMetric: ({ from }): MetricSeries[] => [{ dimensions: {}, points: [{ time: from, value: given.depth }] }],
    tell: (notice) => void told.push(notice),
    warn: (sentence) => void warnings.push(sentence),
    everyMinute(run) {
      pass = run;
      return async () => undefined;
    },
  });
  onTestFinished(async () => {
    await alerts.stop();
    connection.closeSync();
    tables.close();
  });
  const fail = (minute: number) =>
    connection.run(`INSERT INTO "AppRequests" VALUES (${ticksOfDate(at(minute))}, 'api', false, 2)`);
  return { alerts, told, warnings, given, fail, pass: (minute: number) => pass(at(minute)) };
}

test('an alert that fires and is resolved is told, remembered and sent in the common alert schema', async () => {
  const { url, bodies } = await receiver();
  const { alerts, told, fail, pass } = await live({ rules: () => [someLogRule()], webhook: url });
  expect(alerts.rules()).toMatchObject([{ state: 'waiting', alerts: [], history: [] }]);
  await fail(4);
  for (const minute of [5, 10, 15, 20, 25]) await pass(minute);
  expect(told.map(({ monitorCondition, at: when }) => [monitorCondition, when])).toEqual([
    ['Fired', at(5)],
    ['Resolved', at(25)],
  ]);
  expect(alerts.rules()).toMatchObject([
    { state: 'quiet', evaluatedAt: at(25).toISOString(), alerts: [], history: [{}, {}] },
  ]);
  expect(bodies).toHaveLength(2);
  const [fired, resolved] = bodies as { data: { essentials: { alertId: string } } }[];
  expect(resolved?.data.essentials.alertId).toBe(fired?.data.essentials.alertId);
  expect(fired).toMatchObject({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertRule: 'a-rule',
        severity: 'Sev2',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        firedDateTime: at(5).toISOString(),
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize: 'PT5M',
          windowStartTime: at(0).toISOString(),
          windowEndTime: at(5).toISOString(),
          allOf: [
            {
              searchQuery: expect.stringContaining('AppRequests'),
              threshold: '0',
              metricValue: 2,
              dimensions: [{ name: 'AppRoleName', value: 'api' }],
            },
          ],
        },
      },
    },
  });
  expect(resolved).toMatchObject({ data: { essentials: { monitorCondition: 'Resolved' } } });
  expect(resolved?.data.essentials).not.toHaveProperty('resolvedDateTime');
});

test('a resolved metric alert says when, and each criterion has its value', async () => {
  const { url, bodies } = await receiver();
  const { given, pass } = await live({ rules: () => [someMetricRule()], webhook: url });
  given.depth = 11;
  await pass(5);
  given.depth = 1;
  for (const minute of [10, 15, 20]) await pass(minute);
  expect(bodies).toMatchObject([
    {
      data: {
        essentials: { signalType: 'Metric', monitoringService: 'Platform', alertRule: 'a-rule-test' },
        alertContext: {
          conditionType: 'SingleResourceMultipleMetricCriteria',
          condition: { allOf: [{ metricName: 'Depth', threshold: '10', metricValue: 11 }] },
        },
      },
    },
    {
      data: {
        essentials: { monitorCondition: 'Resolved', resolvedDateTime: at(20).toISOString() },
        alertContext: { condition: { allOf: [{ metricValue: 1 }] } },
      },
    },
  ]);
});

test('a webhook that does not take an alert is told of once, and the alert stands', async () => {
  const { url } = await receiver(500);
  const stateless = someMetricRule({ autoMitigate: false });
  const { alerts, given, warnings, told, pass } = await live({ rules: () => [stateless], webhook: url });
  given.depth = 11;
  for (const minute of [5, 10]) await pass(minute);
  expect(warnings).toEqual([expect.stringMatching(/did not take the alert of a-rule-test: it answered 500/)]);
  expect(told).toHaveLength(2);
  expect(alerts.rules()[0]?.history).toHaveLength(2);
});

test('muted alerts are remembered and not sent', async () => {
  const { url, bodies } = await receiver();
  const rule = someLogRule({ window: 'PT15M', autoMitigate: false, muteActionsDuration: 'PT1H' });
  const { alerts, fail, pass } = await live({ rules: () => [rule], webhook: url });
  await fail(4);
  for (const minute of [5, 10]) await pass(minute);
  expect(bodies).toHaveLength(1);
  expect(alerts.rules()[0]?.history.map(({ muted }) => muted)).toEqual([false, true]);
});

test('a rule keeps its alert while it is as it was; a changed one begins anew and a lost one is gone', async () => {
  let rules = [someMetricRule()];
  const { alerts, given, pass } = await live({ rules: () => rules });
  given.depth = 11;
  await pass(5);
  rules = [someMetricRule()];
  await pass(6);
  expect(alerts.rules()).toMatchObject([{ state: 'fired', alerts: [{ since: at(5).toISOString(), values: [11] }] }]);
  rules = [someMetricRule({ criteria: [{ threshold: 20 }] })];
  await pass(7);
  expect(alerts.rules()).toMatchObject([{ state: 'quiet', alerts: [] }]);
  rules = [];
  await pass(8);
  expect(alerts.rules()).toEqual([]);
});

test('a rule that is refused or fails says why, and the others are evaluated', async () => {
  const failing = { ...someLogRule({ criterion: { query: 'AppRequest' } }), name: 'misspelt' };
  const refused = { ...someLogRule({ targetResourceTypes: [] }), name: 'refused' };
  const { alerts, fail, warnings, pass } = await live({ rules: () => [failing, refused, someLogRule()] });
  await fail(4);
  for (const minute of [5, 10]) await pass(minute);
  expect(alerts.rules()).toMatchObject([
    { name: 'misspelt', state: 'failing', why: expect.stringContaining('AppRequest') },
    { name: 'refused', state: 'refused', why: expect.stringContaining('targetResourceTypes') },
    { name: 'a-rule', state: 'fired' },
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^The alert rule misspelt cannot be evaluated: /)]);
});

test('rules that cannot be read leave those before them in force, and are told of once', async () => {
  let broken = false;
  const rules = () => {
    if (broken) throw new Error('no such file');
    return [someMetricRule()];
  };
  const { alerts, given, warnings, pass } = await live({ rules });
  broken = true;
  given.depth = 11;
  for (const minute of [5, 6]) await pass(minute);
  expect(alerts.rules()).toMatchObject([{ state: 'fired' }]);
  expect(warnings).toEqual(['The alert rules stay as they were: no such file']);
});

test.each(['https://127.0.0.1/', 'http://example.com/', 'http://127.0.0.1.example.com/', 'nothing'])(
  'alerts are not sent to %s',
  (text) => {
    expect(() => webhookUrl(text)).toThrow(/sent nowhere else/);
  },
);
