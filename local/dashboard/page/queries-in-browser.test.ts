import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestRow } from '../story-rows.fixture.ts';
import { browserPath, noBrowser, openWindow } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

let stand: PageOnStandIns;
beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  stand = await startPageOnStandIns();
  await stand.tested.add(
    ...[202, 202, 400].map((status, index) =>
      requestRow({ operation: `o${index}`, id: `r${index}`, ago: 30 + index, ms: 5, status }),
    ),
  );
});
afterAll(async () => stand?.stop());

const ask = async (query: string) => {
  const { page, complaints, close } = await openWindow(stand, { width: 1280, theme: 'light' });
  await page.goto(`/queries?kql=${encodeURIComponent(query)}`);
  await page.getByRole('textbox', { name: 'Query' }).waitFor();
  await page.getByText(/rows ·/).waitFor();
  return { page, complaints, close };
};
const written = (page: Page) => page.locator('.cm-line').allInnerTexts();
const rowCount = (page: Page) => page.getByText(/rows ·/).innerText();

test('Shift Alt F lays the query out anew, one pipe a line, and Shift Alt L copies a link to it', async () => {
  const { page, complaints, close } = await ask('AppRequests|where Success|project Name, ResultCode');
  await page.getByRole('textbox', { name: 'Query' }).focus();
  await page.keyboard.press('Shift+Alt+F');
  expect((await written(page)).filter((line) => line.trim() !== '')).toEqual([
    'AppRequests',
    '| where Success',
    '| project Name, ResultCode',
  ]);
  await page.keyboard.press('Shift+Alt+L');
  await expect.poll(() => new URL(page.url()).searchParams.get('kql')).toContain('| project Name');
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
  expect(complaints).toEqual([]);
  await close();
});

test('the chosen cell becomes a filter, and F8 shows the result before it and this one again', async () => {
  const { page, complaints, close } = await ask('AppRequests | project Name, ResultCode | order by ResultCode desc');
  expect(await rowCount(page)).toContain('3 rows');
  await page.getByRole('grid', { name: 'Rows' }).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  expect(await page.locator('[data-chosen]').innerText()).toBe('400');
  await page.keyboard.press('Control+Shift+Space');
  await expect.poll(() => rowCount(page)).toContain('1 rows');
  expect((await written(page)).join('\n')).toContain('| where ResultCode == "400"');
  await page.keyboard.press('F8');
  await expect.poll(() => rowCount(page)).toContain('3 rows');
  await page.getByText('Result of the run before').waitFor();
  await page.keyboard.press('F8');
  await expect.poll(() => rowCount(page)).toContain('1 rows');
  expect(complaints).toEqual([]);
  await close();
});

test('a query is saved under a name, found beside those of the repository, and forgotten', async () => {
  const { page, complaints, close } = await ask('AppRequests | count');
  const menu = page.getByRole('button', { name: 'Saved queries' });
  await menu.click();
  await page.getByLabel('Name of this query').fill('How many');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.reload();
  await page.goto('/queries?kql=AppRequests');
  await menu.click();
  const list = page.getByRole('list', { name: 'Saved queries' });
  expect(await list.getByRole('listitem').count()).toBeGreaterThan(5);
  await list.getByRole('button', { name: 'How many yours' }).click();
  await expect.poll(() => rowCount(page)).toContain('1 rows');
  await menu.click();
  await list.getByRole('button', { name: 'Forget How many' }).click();
  await expect.poll(() => list.getByText('How many').count()).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});
