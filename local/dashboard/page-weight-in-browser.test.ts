import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { browserPath, noBrowser, openWindow } from './page/browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page/page-on-stand-ins.fixture.ts';
import { replayedFile } from './story-rows.fixture.ts';

const MOST_REQUESTS = 25;
const MOST_BYTES = 300_000;
/** The editor of queries is a library of many parts, which no other page loads. */
const ofEditor = /\/assets\/(?:npm\/(?!preact|htm|uplot)|page\/(?:pages\/)?(?:kql-|query-editor))/;

let bench: PageOnStandIns;

beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  bench = await startPageOnStandIns();
  await bench.tested.add(...replayedFile('replayed'));
}, 60_000);
afterAll(async () => bench?.stop());

test.each([
  '/',
  '/transactions',
  '/transactions/replayed',
  '/logs',
  '/queries',
  '/queues',
  '/alerts',
  '/drills',
  '/send',
  '/plan',
])('%s needs at most 25 requests and 0.3 MB, without the editor of queries', async (path) => {
  const { page, complaints, close } = await openWindow(bench, { width: 1280, theme: 'light' });
  const asked: { path: string; bytes: number }[] = [];
  const sizes: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const size = request.sizes().then(({ responseBodySize: bytes }) => {
      asked.push({ path: new URL(request.url()).pathname, bytes });
    });
    sizes.push(size);
  });
  await page.goto(path);
  await page.locator('h1').waitFor();
  await page.waitForLoadState('networkidle');
  await Promise.all(sizes);
  const counted = asked.filter((each) => !ofEditor.test(each.path));
  const listed = counted.map((each) => `${each.path} ${each.bytes}`).join('\n');
  expect(counted.length, listed).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(
    counted.reduce((sum, { bytes }) => sum + bytes, 0),
    listed,
  ).toBeLessThanOrEqual(MOST_BYTES);
  expect(complaints).toEqual([]);
  await close();
});
