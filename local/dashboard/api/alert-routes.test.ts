import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLiveAlerts } from '../../alerts/index.ts';
import { someLogRule, someMetricRule } from '../../alerts/rules.fixture.ts';
import { memoryTables } from '../../kql/memory-tables.fixture.ts';
import { type TestedDashboard, testedDashboard } from '../dashboard.fixture.ts';
import type { AlertRuleFacts, AlertRules } from './contract.ts';

let tested: TestedDashboard;
let root = '';
let depth = 0;
const ends: (() => unknown)[] = [];
let pass: (minute: Date) => Promise<void> = async () => undefined;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'runbooks '));
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'docs', 'a-rule.md'), '# A rule\n\nLook at the queue.');
  const tables = await memoryTables({ AppRequests: { TimeGenerated: 'datetime', AppRoleName: 'string' } });
  const alerts = startLiveAlerts({
    tables,
    rules: () => [
      { ...someMetricRule(), runbook: 'docs/a-rule.md', drill: 'flood' },
      { ...someLogRule(), runbook: 'docs/missing.md' },
    ],
    readMetric: ({ from }) => [{ dimensions: {}, points: [{ time: from, value: depth }] }],
    tell: () => undefined,
    warn: () => undefined,
    everyMinute(run) {
      pass = run;
      return async () => undefined;
    },
  });
  tested = await testedDashboard({ root, alerts });
  ends.push(
    tested.stop,
    alerts.stop,
    () => tables.close(),
    () => rm(root, { recursive: true }),
  );
});
afterAll(async () => {
  for (const end of ends) await end();
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 0, minute));

test('a rule is told with what it compares, what its checks measured, what fired and what to do', async () => {
  depth = 4;
  await pass(at(0));
  depth = 12;
  await pass(at(5));
  const { data } = await tested.get<AlertRules>('/api/alert-rules');
  expect(data.rules).toHaveLength(2);
  expect(data.rules[0]).toMatchObject({
    name: 'a-rule-test',
    state: 'fired',
    drill: 'flood',
    criteria: [{ measure: 'Maximum of Depth', operator: 'GreaterThan', threshold: 10 }],
    measured: [
      { at: at(0).toISOString(), values: [4] },
      { at: at(5).toISOString(), values: [12] },
    ],
    alerts: [{ since: at(5).toISOString(), values: [12] }],
  });
  const { data: one } = await tested.get<AlertRuleFacts>('/api/alert-rules/a-rule-test');
  expect(one).toMatchObject({
    history: [{ monitorCondition: 'Fired', values: [12] }],
    payload: { schemaId: 'azureMonitorCommonAlertSchema', data: { essentials: { monitorCondition: 'Fired' } } },
    runbook: { path: 'docs/a-rule.md', text: expect.stringContaining('Look at the queue.') },
  });
});

test('a log rule is told with its query; what it has no runbook file or payload of is left out', async () => {
  const { data } = await tested.get<AlertRuleFacts>('/api/alert-rules/a-rule');
  expect(data).toMatchObject({
    state: 'failing',
    query: expect.stringContaining('AppRequests'),
    criteria: [{ measure: 'Maximum of failed', threshold: 0 }],
    periods: { needed: 1, of: 1 },
    runbook: { path: 'docs/missing.md' },
  });
  expect(data.runbook.text).toBeUndefined();
  expect(data.payload).toBeUndefined();
});

test('a rule that the level does not have is refused with what to do', async () => {
  const { status, text } = await tested.ask('GET', '/api/alert-rules/none');
  expect(status).toBe(404);
  expect(JSON.parse(text).do).toContain('another level');
});
