import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { browserPath, noBrowser, openWindow, pictures, seriousFaults } from './browser.fixture.ts';
import { type PageOnStandIns, startPageOnStandIns } from './page-on-stand-ins.fixture.ts';

const messages = { sent: 6_000, delivered: 3_120, waiting: 0, deadLettered: 2_880, lost: 0, refused: 0 };
const safe = { ...messages, delivered: 6_000, deadLettered: 0 };
const found = (level: number, more: object) => ({
  drill: 'destination-down',
  level,
  question: 'Is it retried?',
  ...more,
});
const failures = [
  found(1, { messages, fired: [] }),
  found(2, { messages: safe, fired: [], recoveredAfterSeconds: 38 }),
  found(3, { messages: safe, fired: [], recoveredAfterSeconds: 38 }),
  found(4, {
    messages: safe,
    fired: [{ rule: 'dependency-failing', afterSeconds: 100, why: 'one call in five fails' }],
    firstToKnow: { who: 'An alert', afterSeconds: 100 },
    recoveredAfterSeconds: 38,
    seen: [{ question: 'Failed calls', query: 'AppDependencies | where Success == false', answer: '2880' }],
  }),
];
/** Speaks as `npm run drill` does, whose drills take minutes; it ends when its standard input names a file that is there. */
const command = `
import { existsSync } from 'node:fs';
import { join } from 'node:path';
const [name] = process.argv.slice(2);
if (name === 'list') process.stdout.write('  destination-down  levels 1, 4  Is it retried?\\n  calm  levels 1     Is it quiet?\\n');
else {
  const wait = setInterval(() => {
    if (!existsSync(join(process.cwd(), 'go'))) return;
    clearInterval(wait);
    console.log(JSON.stringify({ drill: name, level: 1, question: 'Is it quiet?', messages: ${JSON.stringify(safe)}, fired: [], missed: ['restarts'] }));
    process.exitCode = 1;
  }, 20);
}`;

let root = '';
let stand: PageOnStandIns;
beforeEach((context) => context.skip(browserPath === undefined, noBrowser));
beforeAll(async () => {
  if (browserPath === undefined) return;
  root = await mkdtemp(join(tmpdir(), 'drills '));
  await mkdir(join(root, 'local/cli'), { recursive: true });
  await mkdir(join(root, 'docs'));
  await mkdir(pictures, { recursive: true });
  await writeFile(join(root, 'local/cli/drill.ts'), command);
  await writeFile(join(root, 'docs/failures.json'), JSON.stringify({ recordedOn: '2026-11-30', failures }));
  stand = await startPageOnStandIns({ root });
});
afterAll(async () => {
  await stand?.stop();
  if (root) await rm(root, { recursive: true });
});

test('a drill shows what each level gives, equal levels as one, and is copied as Markdown', async () => {
  const { page, complaints, close } = await openWindow(stand, { width: 1280, theme: 'light' });
  await page.goto('/drills');
  const row = page.getByRole('row').filter({ hasText: 'Is it retried?' });
  expect(await row.innerText()).toContain('As promised');
  await page.screenshot({ path: join(pictures, 'drills.png') });
  expect(await page.getByRole('table').innerText()).toContain('dependency-failing');
  expect(await seriousFaults(page)).toEqual([]);
  await row.getByRole('link').click();
  await page.getByText('As promised at every level').waitFor();
  const heads = await page.locator('.drill thead th').allInnerTexts();
  expect(heads.slice(1)).toEqual(['Level 1 baseline', 'Level 2–3 recoverable, explained', 'Level 4 alerting']);
  const table = await page.locator('.drill tbody').innerText();
  for (const words of [
    '2,880 dead-lettered',
    '0 lost',
    'Nobody is told',
    'An alert, after 1\u00a0m\u00a040\u00a0s',
    'by itself, after 38.0\u00a0s',
  ])
    expect(table).toContain(words);
  expect(await page.getByRole('link', { name: 'Failed calls' }).getAttribute('href')).toContain('/queries?kql=');
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toContain('| First to know | Nobody is told |');
  await page.screenshot({ path: join(pictures, 'drill.png') });
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test('a drill that has not run is run from the page, and says what was not as promised', async () => {
  const { page, complaints, close } = await openWindow(stand, { width: 390, theme: 'dark' });
  await page.goto('/drills/calm');
  await page.getByText('It takes some minutes').waitFor();
  await page.getByRole('button', { name: 'Run it' }).click();
  await page.getByText(/^Running for/).waitFor();
  await writeFile(join(root, 'go'), '');
  await page.getByText('1 not as promised').waitFor({ timeout: 20_000 });
  expect(await page.locator('.drill').innerText()).toContain('restarts should have fired.');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.screenshot({ path: join(pictures, 'drill-390.png') });
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
