import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { copyCheckout, removeCheckout, run, runOf, startCommand } from '../../cli/start/checkout.fixture.ts';
import type { Run } from '../../run-file/index.ts';
import { launchBrowser } from '../installed-browser.ts';

export { browserPath, noBrowser } from '../installed-browser.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
/** Pictures for people, beside what the tests check: they are not compared. */
export const pictures = join(repository, '.local', 'pictures');

export interface Bench {
  run: Pick<Run, 'dashboard'>;
  browser: Browser;
  stop(): Promise<void>;
}

/** `npm start` in a copy of this checkout, with the real service and the commands for people, and a browser. */
export async function startBench(): Promise<Bench> {
  const root = await copyCheckout();
  // What the commands for people read, where it is there.
  for (const part of ['operator', 'infra', 'docs', 'tools', 'test'].filter((each) =>
    existsSync(join(repository, each)),
  )) {
    await cp(join(repository, part), join(root, part), { recursive: true });
  }
  await mkdir(pictures, { recursive: true });
  const service = { command: process.execPath, args: ['--import', './src/preload.ts', 'src/main.ts'] };
  const started = run(startCommand(root, { listed: true, service }));
  const stop = async () => {
    started.child.kill();
    await started.exit();
    await removeCheckout(root);
  };
  try {
    await started.says('The service is ready at level');
    const browser = await launchBrowser();
    const found = await runOf(root);
    return { run: found, browser, stop: () => Promise.all([browser.close(), stop()]).then(() => undefined) };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface Look {
  width: 1280 | 390 | 320;
  theme: 'light' | 'dark';
  /** Of the reader's system. */
  reducedMotion?: boolean;
  forcedColours?: boolean;
}

export interface Visit {
  page: Page;
  /** What the console and the network complained of. */
  complaints: string[];
  close(): Promise<void>;
}

/** A window of the browser that writes down what goes wrong in it. */
export async function openWindow(
  { browser, run: { dashboard } }: Pick<Bench, 'browser' | 'run'>,
  { width, theme, reducedMotion = false, forcedColours = false }: Look,
): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    baseURL: dashboard,
    viewport: { width, height: width === 1280 ? 800 : 844 },
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    forcedColors: forcedColours ? 'active' : 'none',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.stack ?? error.message}`));
  page.on('response', (answer) => answer.status() >= 400 && complaints.push(`${answer.status()} ${answer.url()}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== dashboard && protocol !== 'data:' && protocol !== 'blob:')
      complaints.push(`foreign request: ${request.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeFinding {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core calls serious or critical, contrast among it, each with the element. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const findings = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeFinding[] }> } };
    return (await checker.run()).violations;
  });
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}
