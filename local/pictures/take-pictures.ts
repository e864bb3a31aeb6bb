import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { copyProject, startProject } from '../bench/ingestion/started-project.ts';
import type {
  ApiAnswer,
  LevelList,
  SendOptions,
  SentItem,
  Transaction,
  TransactionList,
} from '../dashboard/api/contract.ts';
import { launchBrowser } from '../dashboard/installed-browser.ts';
import type { Run } from '../run-file/index.ts';
import { folder, hashOfPage, sourcesFile } from './page-sources.ts';

const LEVEL = 3;
/** So many requests at a time, some seconds apart: a picture shows how a run goes. */
const SAMPLES = 15;
const SENDINGS = 10;
const PAUSE_MS = 4_000;
const POLL_MS = 500;
/** For each thing that is waited for. */
const PATIENCE_MS = 180_000;
const size = { width: 1280, height: 800 };

/**
 * Starts everything, sends the sample while the destinations are well and while they are down, and takes the pictures of the
 * README: the overview, and a transaction that was retried until it was delivered. Throws where there is no browser.
 */
export async function takePictures(told: (line: string) => void): Promise<string[]> {
  const browser = await launchBrowser();
  const { root, remove } = await copyProject(['operator', 'infra', 'docs', 'tools', 'test']);
  try {
    const running = await startProject(root, { OBSERVABILITY_LEVEL: String(LEVEL) });
    try {
      told(`npm start at level ${LEVEL}, process ${running.pid}`);
      const operation = await retriedTransaction(running.run, told);
      await mkdir(folder, { recursive: true });
      const paths = [
        await takePicture(browser, new URL('/?range=5m', running.run.dashboard), 'overview'),
        await takePicture(browser, new URL(`/transactions/${operation}`, running.run.dashboard), 'transaction'),
      ];
      await writeFile(join(folder, sourcesFile), `${JSON.stringify({ page: hashOfPage() }, null, 2)}\n`);
      return paths;
    } finally {
      await running.stop();
    }
  } finally {
    await browser.close();
    await remove();
  }
}

/** Fonts for these are everywhere. */
const legible = /^[\p{Script=Latin}\d\s()._-]+$/u;

/** Sends for a while, at last while no destination answers, and answers an operation that needed more than one attempt. */
async function retriedTransaction({ dashboard, token }: Run, told: (line: string) => void): Promise<string> {
  const ask = async <T>(path: string, change?: { method: string; body: object }): Promise<T> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = change && { method: change.method, headers, body: JSON.stringify(change.body) };
    const answer = await fetch(new URL(`/api/${path}`, dashboard), body);
    if (!answer.ok) throw new Error(`/api/${path} was answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as ApiAnswer<T>).data;
  };
  const states = async () => (await ask<SendOptions>('send')).sent.map(({ state }) => state);
  const send = () => ask('send', { method: 'POST', body: { sample: SAMPLES } });
  const destinations = (mode: string) => ask('faults/destination', { method: 'PUT', body: { mode } });
  const open: readonly SentItem['state'][] = ['sending', 'accepted'];
  const allEnded = async () => (await states()).every((state) => !open.includes(state)) || undefined;

  await until('the service is ready', async () => (await ask<LevelList>('levels')).run.state === 'ready' || undefined);
  for (let sending = 0; sending < SENDINGS; sending++) {
    await send();
    await wait(PAUSE_MS);
  }
  await until('the first files have ended', allEnded);
  told('the destinations are down');
  await destinations('down');
  for (let sending = 0; sending < 3; sending++) await send();
  const retried = async () => (await ask<TransactionList>('transactions?outcome=retried')).rows[0]?.operationId;
  await until('a file was tried again', retried);
  await destinations('ok');
  told('the destinations are back');
  await until('all files have ended', allEnded);
  return until('a retried file is told as delivered', async () => {
    const { rows } = await ask<TransactionList>('transactions?outcome=retried');
    const stories = rows
      .filter(({ outcome }) => outcome.kind === 'delivered')
      .map(async ({ operationId, file = '' }) => {
        const { story } = await ask<Transaction>(`transactions/${operationId}`);
        const failed = story.filter(({ ok }) => !ok).length;
        return { operationId, isLegible: Number(legible.test(file)), failed, steps: story.length };
      });
    const told = (await Promise.all(stories)).sort(
      (a, b) => b.isLegible - a.isLegible || b.failed - a.failed || a.steps - b.steps,
    );
    return told[0]?.operationId;
  });
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(POLL_MS);
  }
  throw new Error(`It took too long until ${what}.`);
}

async function takePicture(browser: Browser, address: URL, name: string): Promise<string> {
  const context = await browser.newContext({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(address.href);
  await page.locator('h1').waitFor();
  await page.waitForLoadState('networkidle');
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  await context.close();
  return path;
}
