import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { handlingRow, replayedFile, requestRow, sendRow, timeAgo } from '../story-rows.fixture.ts';
import { browserPath, noBrowser, openWindow } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

let stand: PageOnStandIns;
beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  stand = await startPageOnStandIns();
  const waits = { operation: 'waits', messageId: 'message-waits' };
  const dead = { operation: 'dead', messageId: 'message-dead' };
  await stand.tested.add(
    ...replayedFile('replayed'),
    requestRow({ operation: 'turned-away', id: 'r', ago: 50, ms: 3, status: 400 }),
    requestRow({ operation: 'waits', id: 'r', ago: 30, ms: 3 }),
    sendRow({ ...waits, id: 's', parent: 'r', ago: 30, ms: 2 }),
    handlingRow({ ...waits, id: 'h', parent: 's', ago: 29, ms: 9, settlement: 'later', nextAt: timeAgo(-5) }),
    requestRow({ operation: 'dead', id: 'r', ago: 40, ms: 3 }),
    sendRow({ ...dead, id: 's', parent: 'r', ago: 40, ms: 2 }),
    handlingRow({ ...dead, id: 'h', parent: 's', ago: 39, ms: 9, settlement: 'dead-letter' }),
  );
});
afterAll(async () => stand?.stop());

const places = [
  '/',
  '/transactions',
  '/transactions/replayed',
  '/logs',
  '/queries',
  '/queues',
  '/send',
  '/alerts',
  '/plan',
  '/nothing',
];

test.each(places)('%s has no sideways scroll at 320 pixels', async (path) => {
  const { page, complaints, close } = await openWindow(stand, { width: 320, theme: 'light' });
  await page.goto(path);
  await page.locator('h1').waitFor();
  await expect.poll(() => page.locator('.skeleton').count(), { timeout: 15_000 }).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});

/** A way to the server that can be cut and opened again at the same address. */
async function cuttable(target: URL) {
  const sockets = new Set<Socket>();
  let server: Server;
  const open = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server = createServer((socket) => {
        const onward = connect(Number(target.port), target.hostname);
        for (const each of [socket, onward]) {
          sockets.add(each);
          each.on('error', () => undefined).on('close', () => sockets.delete(each));
        }
        socket.pipe(onward).pipe(socket);
      })
        .once('error', reject)
        .listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const port = await open(0);
  onTestFinished(cut);
  return { url: `http://127.0.0.1:${port}`, cut, openAgain: () => open(port) };
}

test('a server that goes is told within 3 seconds, what was there stays, and it goes on without a reload', async () => {
  const way = await cuttable(new URL(stand.tested.url));
  const { page, close } = await openWindow(
    { browser: stand.browser, run: { dashboard: way.url } },
    { width: 1280, theme: 'light' },
  );
  await page.goto('/transactions');
  const rows = page.getByRole('row').filter({ hasText: 'Dead-lettered' });
  await rows.first().waitFor();
  await page.evaluate('window.stays = true');
  await way.cut();
  const cutAt = performance.now();
  await page.getByText('Not connected since').waitFor();
  expect(performance.now() - cutAt).toBeLessThan(3_000);
  expect(await page.locator('.live').innerText()).toBe('Offline');
  expect(await rows.count()).toBeGreaterThan(0);
  await way.openAgain();
  await page.getByText('Not connected since').waitFor({ state: 'detached', timeout: 20_000 });
  await stand.tested.add(requestRow({ operation: 'after', id: 'r', ago: 0, ms: 777 }));
  await page.getByText('777\u00a0ms').waitFor();
  expect(await page.evaluate('window.stays')).toBe(true);
  await close();
});

test('with reduced motion nothing moves, also while the page waits', async () => {
  const moving = async (reducedMotion: boolean) => {
    const { page, close } = await openWindow(stand, { width: 1280, theme: 'light', reducedMotion });
    let go = () => undefined as unknown;
    const held = new Promise((resolve) => {
      go = () => resolve(undefined);
    });
    await page.route('**/api/overview?*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/');
    await page.locator('.loading-bar').waitFor();
    const count = await page.evaluate('document.getAnimations().length');
    go();
    await page.locator('.figures').waitFor();
    await page.goto('/queries');
    await page.getByRole('textbox', { name: 'Query' }).focus();
    await page.locator('.cm-cursor').first().waitFor();
    const inEditor = await page.evaluate('document.getAnimations().length');
    await close();
    return [count, inEditor];
  };
  expect(await moving(true)).toEqual([0, 0]);
  // Without the wish the bar moves and the cursor blinks, so that the noughts say something.
  expect(await moving(false)).toEqual([1, 1]);
});

const markOf = (page: Page, words: string) =>
  page.locator('.status').filter({ hasText: words }).first().locator('svg').screenshot();

test.each(['light', 'dark'] as const)(
  'with forced colours each status has its own picture, and bars keep theirs: %s',
  async (theme) => {
    const { page, close } = await openWindow(stand, { width: 1280, theme, forcedColours: true });
    await page.goto('/transactions');
    await page.getByText('Waiting').last().waitFor();
    const pictures = [];
    for (const words of ['Delivered', 'Rejected', 'Dead-lettered', 'Waiting'])
      pictures.push((await markOf(page, words)).toString('base64'));
    expect(new Set(pictures).size).toBe(4);
    await page.goto('/transactions/replayed');
    await page.locator('.bar').first().waitFor();
    const colours = await page
      .locator('.bar:not(.wait)')
      .evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).backgroundColor));
    expect(new Set(colours).size).toBeGreaterThan(2);
    await close();
  },
);

test('fifty files a second for 20 seconds: the hovered row stays, and then the counts are those of the sender', async () => {
  const { page, complaints, close } = await openWindow(stand, { width: 1280, theme: 'light' });
  await page.goto('/transactions');
  const body = page.locator('.grid-row.body');
  await body.nth(2).waitFor();
  const before = Number((await page.getByText(/of \d+ ·/).innerText()).split(' ')[0]?.replaceAll(',', ''));
  await body.nth(2).hover();
  const hovered = () => page.locator('.grid-row.body:hover').innerText();
  const row = await hovered();
  const started = performance.now();
  let sent = 0;
  while (performance.now() - started < 20_000) {
    const due = Math.floor((performance.now() - started) / 20) - sent;
    const rows = Array.from({ length: due }, (_, index) =>
      requestRow({ operation: `flood-${sent + index}`, id: `f${sent + index}`, ago: 0, ms: 4 }),
    );
    await stand.tested.add(...rows);
    sent += due;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sent).toBeGreaterThan(950);
  expect(await hovered()).toBe(row);
  await page.getByRole('button', { name: /new$/ }).click();
  const total = (before + sent).toLocaleString('en-US');
  await page.getByText(`${total} of ${total}`).waitFor();
  await page.mouse.move(600, 20);
  await expect.poll(() => body.first().innerText(), { timeout: 10_000 }).toContain('4.0\u00a0ms');
  expect(complaints).toEqual([]);
  await close();
}, 90_000);
