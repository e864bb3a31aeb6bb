import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { replayedFile, requestRow } from '../story-rows.fixture.ts';
import { browserPath, noBrowser, openWindow } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

let stand: PageOnStandIns;
beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  stand = await startPageOnStandIns();
  await stand.tested.add(
    ...replayedFile('replayed'),
    ...Array.from({ length: 6 }, (_, index) =>
      requestRow({
        operation: `plain-${index}`,
        id: `r${index}`,
        ago: 60 + index,
        ms: 10 + index * 10,
        status: index === 2 ? 400 : 202,
      }),
    ),
  );
});
afterAll(async () => stand?.stop());

const open = async (path: string, width: 1280 | 390 = 1280) => {
  const { page, complaints, close } = await openWindow(stand, { width, theme: 'light' });
  await page.goto(path);
  return { page, complaints, close };
};
const grid = (page: Page) => page.getByRole('grid', { name: 'Transactions' });
const firstCells = (page: Page) => page.locator('.grid-row.body .log-bar .number').allInnerTexts();
/** A query over all tables takes its time on a busy machine. */
const slow = { timeout: 10_000 };
const url = (page: Page) => new URL(page.url());

test('a click on a head sorts by it, the address keeps the order, and the third click ends it', async () => {
  const { page, complaints, close } = await open('/transactions');
  const head = page.getByRole('columnheader', { name: /Duration/ });
  await head.getByRole('button').click();
  await expect.poll(() => url(page).searchParams.get('sort')).toBe('duration');
  await expect
    .poll(async () => (await firstCells(page)).slice(0, 3), slow)
    .toEqual(['10\u00a0ms', '20\u00a0ms', '30\u00a0ms']);
  expect(await head.getAttribute('aria-sort')).toBe('ascending');
  await page.reload();
  await grid(page).waitFor();
  await expect.poll(async () => (await firstCells(page)).slice(0, 2), slow).toEqual(['10\u00a0ms', '20\u00a0ms']);
  await head.getByRole('button').click();
  await expect.poll(async () => (await firstCells(page)).at(-1), slow).toBe('10\u00a0ms');
  await head.getByRole('button').click();
  await expect.poll(() => url(page).searchParams.has('sort')).toBe(false);
  expect(complaints).toEqual([]);
  await close();
});

test('rows are selected by x and Shift with arrows, and queried together', async () => {
  const { page, close } = await open('/transactions');
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 selected').waitFor();
  expect(await page.locator('[data-marked]').count()).toBe(3);
  const query = new URL((await page.getByRole('link', { name: 'Query these' }).getAttribute('href')) ?? '', page.url());
  expect(query.searchParams.get('kql')?.match(/"(plain-\d|replayed)"/g)).toHaveLength(3);
  await page.keyboard.press('Escape');
  expect(await page.locator('[data-marked]').count()).toBe(0);
  await close();
});

test('a filter is added, shown as a chip, and taken away', async () => {
  const { page, close } = await open('/transactions');
  await page.getByText('7 of 7').waitFor();
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByLabel('Filter by').selectOption('min');
  await page.getByLabel('Value').fill('45');
  await page.keyboard.press('Enter');
  await page.getByText('3 of 7').waitFor();
  expect(url(page).searchParams.get('min')).toBe('45');
  await page.getByRole('button', { name: 'Remove filter at least, ms: 45' }).click();
  await page.getByText('7 of 7').waitFor();
  await close();
});

test('a custom range is chosen in the range control, and by dragging over the histogram', async () => {
  const { page, close } = await open('/transactions');
  await page.getByRole('button', { name: /Time range/ }).click();
  const from = page.getByLabel('From');
  await from.fill('2026-01-01T10:00:00');
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T09:00:00');
  await page.getByRole('button', { name: 'Use this range' }).click();
  await page.getByText('The end must be after the beginning.').waitFor();
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T11:30:00');
  await page.getByRole('button', { name: 'Use this range' }).click();
  const chosen = await page.evaluate("new Date('2026-01-01T10:00:00').toISOString()");
  await expect.poll(() => url(page).searchParams.get('from')).toBe(chosen);
  expect(await page.getByRole('button', { name: /Time range/ }).innerText()).toContain('Custom');
  await page.goBack();
  const bars = page.locator('.histogram button');
  await expect.poll(() => bars.count()).toBeGreaterThan(20);
  await bars.nth(5).hover();
  await page.mouse.down();
  await bars.nth(15).hover();
  await page.mouse.up();
  await expect.poll(() => url(page).searchParams.has('from')).toBe(true);
  const { from: begin = '', to: end = '' } = Object.fromEntries(url(page).searchParams);
  expect((Date.parse(end) - Date.parse(begin)) / 60_000).toBeCloseTo(11 * 0.25, 0);
  await close();
});

test('a chart is shown as a table of its figures', async () => {
  const { page, complaints, close } = await open('/');
  const card = page
    .locator('section.card')
    .filter({ has: page.getByRole('heading', { name: 'Requests', exact: true }) });
  await card.getByRole('img').waitFor();
  await card.getByRole('button', { name: 'Show as a table' }).click();
  const table = card.getByRole('table');
  expect(await table.locator('thead').innerText()).toMatch(/Time\s+ok\s+failed/);
  const rows = await table.locator('tbody tr').allInnerTexts();
  const sums = rows
    .map((row) => row.split(/\t/).slice(1).map(Number))
    .reduce(([a = 0, b = 0], [ok = 0, bad = 0]) => [a + ok, b + bad], [0, 0]);
  expect(sums).toEqual([6, 1]);
  await card.getByRole('button', { name: 'Show as a table' }).click();
  await card.getByRole('img').waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test('commands are found by their words and run by Enter; the list of keys closes by the key that opened it', async () => {
  const { page, close } = await open('/transactions');
  await grid(page).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).fill('range 6');
  expect(await page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('Last 6 h')]);
  await page.keyboard.press('Enter');
  await expect.poll(() => url(page).searchParams.get('range')).toBe('6h');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).fill('level 3');
  await page.keyboard.press('Enter');
  await expect.poll(() => stand.tested.switched).toEqual([3]);
  await expect.poll(() => page.locator('h1').innerText()).toBe('Overview');
  // The page that was opened has the focus once it listens to keys.
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('main');
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.waitFor();
  expect(await keys.innerText()).toMatch(/Ctrl Shift Space\s+Chosen cell as a filter/);
  await page.keyboard.press('Escape');
  await expect.poll(() => keys.count()).toBe(0);
  await close();
});

test('of a transaction events and log lines are hidden by keys, what is short by choice, and matches are stepped through', async () => {
  const { page, complaints, close } = await open('/transactions/replayed');
  const items = page.getByRole('treegrid').locator('[role=row][id]');
  await items.first().waitFor();
  const count = await items.count();
  await page.keyboard.press('l');
  await expect.poll(() => items.count()).toBeLessThan(count);
  await page.getByText(/of \d+ hidden/).waitFor();
  await page.keyboard.press('l');
  await expect.poll(() => items.count()).toBe(count);
  await page.getByLabel('Find in this transaction').fill('POST /north');
  await page.getByLabel('Matches only').check();
  await expect.poll(() => items.count()).toBeLessThan(count);
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('n');
  const chosen = page.locator('.w-row[aria-selected=true]');
  const first = await chosen.innerText();
  expect(first).toContain('north');
  await page.keyboard.press('n');
  await expect.poll(() => chosen.innerText()).not.toBe(first);
  await page.keyboard.press('N');
  await expect.poll(() => chosen.innerText()).toBe(first);
  expect(complaints).toEqual([]);
  await close();
});

test('the width of the names follows the arrows and is kept', async () => {
  const { page, close } = await open('/transactions/replayed');
  const divider = page.getByRole('separator', { name: 'Width of the names' });
  await divider.focus();
  const before = Number(await divider.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => divider.getAttribute('aria-valuenow')).toBe(String(before + 32));
  const box = await page.locator('.w-name').first().boundingBox();
  expect(Math.round(box?.width ?? 0)).toBe(before + 32);
  await page.reload();
  await expect.poll(() => divider.getAttribute('aria-valuenow')).toBe(String(before + 32));
  await close();
});

test('on a phone the range control stays in the window', async () => {
  const { page, close } = await open('/transactions', 390);
  await page.getByRole('button', { name: /Time range/ }).click();
  const box = await page.locator('.popover.range').boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  await close();
});
