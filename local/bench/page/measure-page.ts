import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dashboard/installed-browser.ts';
import { sendBatches } from '../ingestion/send-batches.ts';
import { copyProject, type StartedProject, startProject } from '../ingestion/started-project.ts';
import { median } from '../statistics.ts';
import { mostMs, type PageTimes } from './page-report.ts';

/** The range of the address, and the one that holds all rows. */
const ranges = ['15m', '24h'] as const;
const pages = ['/', '/transactions', '/transactions/:operation', '/logs', '/queries', '/queues', '/send'];

export interface PageBenchResult {
  rows: number;
  mostMs: number;
  pages: PageTimes[];
}

/**
 * Opens each page of `npm start` in a browser whose cache is empty, with so many rows in the tables, which came through the
 * ingestion endpoint and are of one day. Throws where there is no browser.
 */
export async function measurePage(
  rows: number,
  rounds: number,
  told: (line: string) => void,
): Promise<PageBenchResult> {
  const browser = await launchBrowser();
  const { root, remove } = await copyProject();
  let running: StartedProject | undefined;
  try {
    running = await startProject(root);
    told(`page: ${rows} rows over HTTP to npm start, process ${running.pid}`);
    await sendBatches(running.run.ingestion, rows);
    const [newest] = await running.ask('AppRequests | top 1 by TimeGenerated | project OperationId');
    const operation = String(newest?.OperationId ?? '');
    const found: PageTimes[] = [];
    for (const range of ranges) {
      for (const page of pages) {
        const path = `${page.replace(':operation', operation)}?range=${range}`;
        const address = new URL(path, running.run.dashboard);
        const first = await visit(browser, address);
        const times = [first];
        while (times.length < rounds) times.push(await visit(browser, address));
        const of = (what: keyof Visit) => median(times.map((each) => each[what]));
        found.push({ page, range, firstMs: first.dataMs, paintMs: of('paintMs'), dataMs: of('dataMs') });
        told(`${page} ${range}`);
      }
    }
    return { rows, mostMs, pages: found };
  } finally {
    await browser.close();
    await running?.stop();
    await remove();
  }
}

interface Visit {
  paintMs: number;
  dataMs: number;
}

/** Milliseconds from the beginning of the navigation to the first text, and to the first answer of all that the page asked for. */
async function visit(browser: Browser, address: URL): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(address.href);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    return await page.evaluate(() => {
      const { performance: own } = globalThis;
      const paint = own.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
      const first = new Map<string, number>();
      for (const { name, ...entry } of own.getEntriesByType('resource').map((each) => each.toJSON())) {
        const isData = /\/api\/(?!live|plan)/.test(name);
        if (isData && !first.has(name)) first.set(name, entry.responseEnd);
      }
      return { paintMs: paint, dataMs: Math.max(paint, ...first.values()) };
    });
  } finally {
    await context.close();
  }
}
