import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLiveAlerts } from '../../alerts/index.ts';
import { someLogRule, someMetricRule } from '../../alerts/rules.fixture.ts';
import { memoryTables } from '../../kql/memory-tables.fixture.ts';
import { browserPath, noBrowser, openWindow, seriousFaults } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

const runbook = '# Deep\n\n## Do this\n\n1. Ask the **owner**:\n\n   ```kusto\n   AppRequests\n   | take 1\n   ```\n';

let page: PageOnStandIns;
let depth = 0;
let pass: (minute: Date) => Promise<void> = async () => undefined;
const ends: (() => unknown)[] = [];

beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  const tables = await memoryTables({
    AppRequests: { TimeGenerated: 'datetime', AppRoleName: 'string', Success: 'bool', ItemCount: 'int' },
  });
  const alerts = startLiveAlerts({
    tables,
    rules: () => [
      { ...someMetricRule(), title: 'The queue is deep', runbook: 'deep.md' },
      { ...someLogRule(), title: 'Requests of a role fail' },
    ],
    readMetric: ({ from }) => [{ dimensions: {}, points: [{ time: from, value: depth }] }],
    tell: () => undefined,
    warn: () => undefined,
    everyMinute(run) {
      pass = run;
      return async () => undefined;
    },
  });
  const root = await mkdtemp(join(tmpdir(), 'runbooks '));
  await writeFile(join(root, 'deep.md'), runbook);
  page = await startPageOnStandIns({ root, alerts });
  ends.push(
    () => rm(root, { recursive: true }),
    page.stop,
    alerts.stop,
    () => tables.close(),
  );
});
afterAll(async () => {
  for (const end of ends) await end();
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 0, minute));

test('an alert that fires is counted in the navigation and leads to its measure, its payload and what to do', async () => {
  const { page: window, complaints, close } = await openWindow(page, { width: 1280, theme: 'light' });
  depth = 3;
  await pass(at(0));
  await window.goto('/alerts');
  await window.getByText('come with level 4').waitFor();
  const row = window.getByRole('row').filter({ hasText: 'The queue is deep' });
  expect(await row.innerText()).toMatch(/Quiet[\s\S]*\b3\b[\s\S]*Depth > 10 in 5\u00a0min/);
  expect(await window.locator('.nav .badge').count()).toBe(0);
  depth = 14;
  await pass(at(5));
  await row.getByText('Firing').waitFor();
  expect(await window.locator('.nav .badge').innerText()).toContain('1');
  await row.getByRole('link').click();
  await window.getByRole('heading', { name: 'Measure and threshold' }).waitFor();
  expect(await window.locator('h1').innerText()).toContain('The queue is deep');
  const chart = window.getByRole('img');
  expect(await chart.getAttribute('aria-label')).toContain('Maximum of Depth is 14, the threshold 10');
  expect(await window.getByRole('region', { name: 'Payload' }).innerText()).toContain('azureMonitorCommonAlertSchema');
  const advice = window.getByRole('region', { name: 'What to do' });
  expect(await advice.innerText()).toContain('Ask the owner');
  expect(await advice.getByRole('link', { name: 'Run this query' }).getAttribute('href')).toContain('/queries?kql=');
  expect(await seriousFaults(window)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test('a rule without enough checks, and one that is none, say so', async () => {
  const { page: window, close } = await openWindow(page, { width: 390, theme: 'dark' });
  await window.goto('/alerts/none');
  await window.getByText('No rule none').waitFor();
  await window.getByRole('link', { name: 'All rules' }).click();
  await window.getByRole('link', { name: 'Requests of a role fail' }).click();
  await window.getByText('It has not fired').waitFor();
  expect(await window.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await seriousFaults(window)).toEqual([]);
  await close();
});
