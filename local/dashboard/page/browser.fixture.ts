import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { copyCheckout, removeCheckout, run, runOf, startCommand } from '../../cli/start/checkout.fixture.ts';
import type { Run } from '../../run-file/index.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
/** Where systems keep Chrome, Chromium and Edge. */
const known = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((name) => {
    const folder = process.env[name];
    return folder
      ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]
      : [];
  }),
];

/** `CHROME_PATH`, then where the system keeps one. */
export const browserPath: string | undefined = process.env.CHROME_PATH ?? known.find((path) => existsSync(path));
export const noBrowser = 'there is no Chrome, Chromium or Edge: install one, or name it in CHROME_PATH';

/** Pictures for people, beside what the tests check: they are not compared. */
export const pictures = join(repository, '.local', 'pictures');

/** The browser calls no server of its maker. */
const quiet = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A container's root has no other way; what it opens is the page of this project alone.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export interface Bench {
  run: Run;
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
    const browser = await chromium.launch({ executablePath: browserPath ?? '', args: quiet });
    const found = await runOf(root);
    return { run: found, browser, stop: () => Promise.all([browser.close(), stop()]).then(() => undefined) };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface Look {
  width: 1280 | 390;
  theme: 'light' | 'dark';
}

export interface Visit {
  page: Page;
  /** What the console and the network complained of. */
  complaints: string[];
  close(): Promise<void>;
}

/** A window of the browser that writes down what goes wrong in it. */
export async function openWindow({ browser, run: { dashboard } }: Bench, { width, theme }: Look): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    baseURL: dashboard,
    viewport: { width, height: width === 390 ? 844 : 800 },
    colorScheme: theme,
    permissions: ['clipboard-write'],
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
