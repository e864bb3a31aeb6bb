import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Bench,
  browserPath,
  type Look,
  noBrowser,
  openWindow,
  pictures,
  seriousFaults,
  startBench,
} from '../../dashboard/page/browser.fixture.ts';

const evil = '<img src=x onerror=document.title="broken">.txt';
const looks: readonly Look[] = [
  { width: 1280, theme: 'light' },
  { width: 1280, theme: 'dark' },
  { width: 390, theme: 'light' },
  { width: 390, theme: 'dark' },
];

let bench: Bench;
/** The transaction of the file with the evil name. */
let operation = '';

beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath !== undefined) bench = await startBench();
}, 120_000);
afterAll(async () => bench?.stop());

/** Presses keys one after the other. */
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const heading = (page: Page) => page.locator('h1').innerText();

test('the level is switched by keyboard alone, and the file of the checkout is not written', async () => {
  const { page, complaints, close } = await openWindow(bench, { width: 1280, theme: 'light' });
  await page.goto('/');
  await page.getByRole('radio', { name: /Level 1/ }).waitFor();
  await page.getByRole('radio', { name: /Level 1/ }).focus();
  await press(page, 'ArrowRight');
  expect(await page.locator(':focus').getAttribute('data-level')).toBe('2');
  const button = page.getByRole('button', { name: 'Switch to level 2' });
  for (
    let tab = 0;
    tab < 5 && !(await button.evaluate((element) => element.ownerDocument.activeElement === element));
    tab++
  ) {
    await press(page, 'Tab');
  }
  await press(page, 'Enter');
  await page.getByText('Restarting at level 2').waitFor();
  await page.getByText('Level 2 is running').waitFor({ timeout: 45_000 });
  expect(await page.locator('.switch').innerText()).toContain('"level": 2 in observability.json');
  const levels = (await (await fetch(new URL('/api/levels', bench.run.dashboard))).json()) as { data: unknown };
  expect(levels.data).toMatchObject({ fileLevel: 1, run: { level: 2, state: 'ready' } });
  expect(complaints).toEqual([]);
  await close();
});

test('a file is sent, delivered and followed to its transaction, and its name is shown as text', async () => {
  const { page, complaints, close } = await openWindow(bench, { width: 1280, theme: 'light' });
  await page.goto('/send');
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.setInputFiles('input[type=file]', { name: evil, mimeType: 'text/plain', buffer: Buffer.from('hello') });
  const row = page.getByRole('row').filter({ hasText: evil });
  await row.getByText('Delivered').waitFor();
  const link = row.getByRole('link', { name: 'Follow it' });
  const id = new URL((await link.getAttribute('href')) ?? '', bench.run.dashboard).pathname.split('/')[2];
  const known = () => fetch(new URL(`/api/transactions/${id}`, bench.run.dashboard)).then(({ status }) => status);
  await expect.poll(known, { timeout: 60_000, interval: 500 }).toBe(200);
  await link.click();
  // Telemetry is on its way for some seconds.
  await page.getByRole('treegrid').waitFor({ timeout: 60_000 });
  operation = new URL(page.url()).pathname.split('/')[2] ?? '';
  const story = page.getByRole('list', { name: 'What happened' });
  await expect.poll(() => story.innerText(), { timeout: 20_000 }).toMatch(/^Accepted[\s\S]*Delivered to documents/);
  const places = await page.locator('.legend').last().innerText();
  for (const place of ['API', 'Service Bus', 'Worker', 'Destination']) expect(places).toContain(place);
  expect(await heading(page)).toContain(evil);
  expect(await page.title()).toContain(evil);
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
  await close();
}, 150_000);

test('a dead letter is found, and its replay tried without sending, by keyboard alone', async () => {
  const { page, complaints, close } = await openWindow(bench, { width: 1280, theme: 'dark' });
  await page.goto('/send');
  await page.getByRole('button', { name: /Send 25 samples/ }).focus();
  await press(page, 'Enter');
  await page.getByText('Dead-lettered').first().waitFor();
  await press(page, 'g', 'q');
  await page.getByRole('tab', { name: /Dead letters [1-9]/ }).waitFor();
  expect(await heading(page)).toBe('Queues');
  await page.getByRole('grid', { name: 'Groups of dead letters' }).focus();
  await press(page, 'ArrowDown', 'r');
  await page.getByText('Dry run, nothing sent yet').waitFor();
  await page.getByText(/would go back to/).waitFor();
  await page.screenshot({ path: join(pictures, 'replay.png') });
  await press(page, 'Escape');
  expect(await page.getByText('Dry run, nothing sent yet').count()).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});

test('a query is written, runs by Shift Enter, and a wrong one says where', async () => {
  const { page, close } = await openWindow(bench, { width: 1280, theme: 'dark' });
  await page.goto('/queries');
  const editor = page.getByRole('textbox', { name: 'Query' });
  await editor.focus();
  await press(page, 'ControlOrMeta+a');
  await page.keyboard.insertText('AppRequests | summarize Count = sum(ItemCount) by Name');
  await press(page, 'Shift+Enter');
  await page.getByRole('gridcell', { name: 'POST /files' }).first().waitFor();
  await press(page, 'ControlOrMeta+a');
  await page.keyboard.insertText('AppRequests | where Succes == false');
  await press(page, 'Shift+Enter');
  const fault = page.getByRole('alert');
  await fault.waitFor();
  expect(await fault.innerText()).toMatch(/Line 1, column 21[\s\S]*Succes/);
  await page.getByText('Result of the last good run').waitFor();
  await close();
});

test('one key leads to each page, takes the focus there, and Back returns to the page before, however often its key was pressed', async () => {
  const { page, complaints, close } = await openWindow(bench, { width: 1280, theme: 'light' });
  await page.goto('/');
  await page.locator('h1').waitFor();
  for (const [key, title] of [
    ['t', 'Transactions'],
    ['l', 'Logs'],
    ['k', 'Queries'],
    ['q', 'Queues'],
    ['s', 'Send'],
    ['a', 'Alerts'],
    ['p', 'Plan'],
    ['o', 'Overview'],
  ] as const) {
    const go = () => press(page, 'g', key).then(() => heading(page));
    await expect.poll(go, { timeout: 10_000 }).toBe(title);
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('main');
    expect(await page.title()).toContain(title);
  }
  await press(page, 'g', 'o');
  await page.goBack();
  await expect.poll(() => heading(page)).toBe('Plan');
  expect(complaints).toEqual([]);
  await close();
});

describe.each(looks)('at $width pixels, $theme', (look) => {
  test.each([
    ['/', 'Needs attention'],
    ['/transactions', 'Delivered'],
    ['/transactions/:operation', 'POST /files'],
    ['/logs', 'Find in logs'],
    ['/queries', 'render timechart'],
    ['/queues', 'Dead letters'],
    ['/send', 'Choose files'],
    ['/alerts', 'come with level 4'],
    ['/plan', 'You can then answer'],
    ['/nothing', 'There is no page here'],
  ])('%s is whole, fits, and has no serious fault', async (path, text) => {
    const { page, complaints, close } = await openWindow(bench, look);
    await page.goto(path.replace(':operation', operation));
    const main = page.locator('#app');
    await expect.poll(() => main.innerText(), { timeout: 20_000 }).toContain(text === 'Find in logs' ? 'lines' : text);
    const shown = await page.evaluate('document.documentElement.dataset.theme');
    expect(shown).toBe(look.theme);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width);
    const name = path === '/' ? 'overview' : path.split('/')[1];
    const one = path.includes(':') ? '-one' : '';
    await page.screenshot({ path: join(pictures, `${name}${one}-${look.width}-${look.theme}.png`) });
    expect(await seriousFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});
