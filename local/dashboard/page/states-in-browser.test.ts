import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestRow } from '../story-rows.fixture.ts';
import { browserPath, noBrowser, openWindow, pictures, seriousFaults } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

let stand: PageOnStandIns;
beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  await mkdir(pictures, { recursive: true });
  stand = await startPageOnStandIns();
});
afterAll(async () => stand?.stop());

const query = (text: string) => `/queries?kql=${encodeURIComponent(text)}`;

test.each([
  ['no traffic', '/', 'No requests in the last 15 min', 'Send the service something and this page fills.'],
  ['no transactions', '/transactions', 'No transactions in the last 15 min', 'it appears here within a second or two'],
  ['no transaction', '/transactions/4bf92f3577b34da6', 'No transaction 4bf92f35…', 'It may have left the tables'],
  ['no lines', '/logs', 'No log lines in the last 15 min', 'The service writes them as it works.'],
  ['no rows', query('AppEvents'), '0 rows', 'AppEvents is empty'],
  ['a wrong query', query('AppRequests | where Succes == 1'), 'Line 1, column 21', 'Succes'],
  ['no dead letters', '/queues/parcels?tab=dead', 'No dead letters', 'Nothing was given up.'],
  ['no messages', '/queues/parcels?tab=active', 'No messages', 'Nothing waits here now.'],
  ['no queue', '/queues/letters', 'No queue letters', 'names no such queue or subscription'],
  ['no message', '/queues/parcels/dead-letters/999', 'Not here any more', 'All dead letters of parcels'],
  ['nothing sent', '/send', 'Nothing was sent from here yet', 'is listed here with what becomes of it'],
  ['no rules', '/alerts', 'No rules', 'deploys no alert rule at the present level'],
  ['no rule', '/alerts/none', 'No rule none', 'another level'],
  ['no step', '/plan?from=2&to=2', 'The same level twice', 'Choose two levels'],
  ['no page', '/nothing', 'There is no page here', '/nothing is no address of this page.'],
  [
    'a wrong range',
    '/transactions?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'The time range is wrong',
    '"to" is not after "from".',
  ],
])('%s is said with what helps', async (name, path, title, help) => {
  const { page, close } = await openWindow(stand, { width: 1280, theme: 'light' });
  await page.goto(path);
  const text = () => page.locator('#app').innerText();
  await expect.poll(text, { timeout: 15_000 }).toContain(title);
  expect(await text()).toContain(help);
  await page.screenshot({ path: join(pictures, `state ${name}.png`) });
  expect(await seriousFaults(page)).toEqual([]);
  await close();
});

test('filters that nothing passes say how much is outside of them, and are cleared', async () => {
  await stand.tested.add(requestRow({ operation: 'one', id: 'r', ago: 5, ms: 3 }));
  const { page, close } = await openWindow(stand, { width: 390, theme: 'dark' });
  await page.goto('/transactions?outcome=slow');
  await page.getByText('1 transactions are outside these filters.').waitFor();
  await page.screenshot({ path: join(pictures, 'state nothing matches.png') });
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('POST /parcels').waitFor();
  await close();
});

test('a switch of the level says that it restarts, that it runs, and when it did not start why', async () => {
  const { facts } = stand.tested;
  const { page, complaints, close } = await openWindow(stand, { width: 1280, theme: 'light' });
  await page.goto('/');
  await page.getByRole('button', { name: 'Switch to level 3' }).click();
  await expect.poll(() => stand.tested.switched).toEqual([3]);
  Object.assign(facts, { level: 3, state: 'starting' });
  await page.getByText('Restarting at level 3').waitFor();
  await page.locator('.nav-foot').getByText('Starting').waitFor();
  await page.screenshot({ path: join(pictures, 'state restarting.png') });
  Object.assign(facts, { state: 'failed', error: 'slo.latencyMs is not a whole number.' });
  await page.getByText('Level 3 did not start:').waitFor();
  expect(await page.locator('.switch').innerText()).toContain('slo.latencyMs is not a whole number.');
  await page.screenshot({ path: join(pictures, 'state did not start.png') });
  await page.getByRole('button', { name: 'Back to level 2' }).click();
  Object.assign(facts, { level: 2, state: 'ready', error: undefined });
  await page.getByText('Level 2 is running').waitFor();
  expect(stand.tested.switched).toEqual([3, 2]);
  expect(complaints).toEqual([]);
  await close();
});
