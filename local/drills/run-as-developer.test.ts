import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Row, startApplicationInsights } from '../application-insights/index.ts';
import { brokenByDeveloper } from './developer-rows.ts';
import { fixtureCheckout } from './fixture-checkout.fixture.ts';
import { runAsDeveloper } from './run-as-developer.ts';

const level3 = JSON.stringify({ level: 3, cost: { dailyCapMb: 100 } });

test("a developer's run leaves rows in the workspace, failed ones among them, and each is marked", async () => {
  const insights = await startApplicationInsights();
  onTestFinished(() => insights.stop());
  const folder = await mkdtemp(join(tmpdir(), 'developer '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const shell = {
    ...{ PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LISTEN_HOST: '127.0.0.1' },
    // What the SDK asks of Azure meets a closed door.
    ...{ HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' },
    ...{ OBSERVABILITY_CONFIG: level3, OTEL_METRIC_EXPORT_INTERVAL: '500' },
  };
  const environment = (changes = {}) =>
    Object.fromEntries(
      Object.entries({ ...shell, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  const options = { checkout: fixtureCheckout, insights, folder, environment };
  await runAsDeveloper(options, 8, new AbortController().signal);
  expect(brokenByDeveloper(insights, { canFail: true })).toEqual([]);
  expect(insights.counts().AppMetrics.received).toBe(0);
});

const row = (Type: Row['Type'], columns: object = {}): Row =>
  ({ Type, TimeGenerated: '2026-01-01T00:00:00Z', AppRoleInstance: 'developer-machine', ...columns }) as Row;
const marked = { SyntheticSource: 'True', Success: false };
const complete = [row('AppRequests', marked), row('AppDependencies', marked), row('AppExceptions', marked)];

const workspaceOf = (all: readonly Row[]) => ({
  rows: (table: string) => all.filter(({ Type }) => Type === table),
  counts: () => Object.fromEntries(all.map(({ Type }) => [Type, { rows: 1, received: 1, dropped: 0 }])) as never,
});

test.each([
  ['nothing', [], 3],
  ['what went well alone', complete.map((each) => ({ ...each, Success: true })), 2],
  ['the rows of another machine', complete.map((each) => ({ ...each, AppRoleInstance: 'replica-1' })), 3],
  ['a row without a mark', [...complete, row('AppMetrics')], 1],
  ['marked failures', complete, 0],
])('%s in the workspace: so many promises of the drill are broken', (_what, rows, broken) => {
  expect(brokenByDeveloper(workspaceOf(rows as Row[]), { canFail: true })).toHaveLength(broken);
});

test('where nothing can fail, only the marks are asked for', () => {
  const broken = brokenByDeveloper(workspaceOf([row('AppMetrics')]), { canFail: false });
  expect(broken).toEqual([expect.stringMatching(/^1 rows .* carry no mark/)]);
});
