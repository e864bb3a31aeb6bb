import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentBytes } from '../../platform-metrics/resident-bytes.ts';
import type { TablesAnswer } from './tables.server.ts';
import { type TelemetryBatch, telemetryBatches } from './telemetry-batches.ts';

export interface IngestionResult {
  rows: number;
  /** By table, as the sender counted and as a query counts. */
  sent: Record<string, number>;
  found: Record<string, number>;
  seconds: number;
  /** The most that the process of the endpoint held in memory at any time; undefined where the system does not tell it. */
  peakMb: number | undefined;
  budgetMb: number;
  /** What is on the disk after a stop. */
  fileMb: number;
  /** The 95th percentile by name over all requests. */
  queryMs: number;
  /** A start on the full tables. */
  openMs: number;
}

const budgetMb = 1_000;
const connections = 4;
const SAMPLE_MS = 200;
const MB = 1_000_000;
const server = join(import.meta.dirname, 'tables.server.ts');

/** Sends so many rows to the endpoint with its tables in a file, and looks at what became of them. */
export async function measureIngestion(rows: number, told: (line: string) => void): Promise<IngestionResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-tables-'));
  let running: ChildProcess | undefined;
  try {
    const first = await start(join(folder, 'tables.duckdb'));
    running = first.child;
    const memory = watchMemory(first.child);
    told(`ingestion: ${rows} rows over HTTP`);
    const startedAt = performance.now();
    const sent = await sendAll(first.url, rows);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { rows: found = {}, queryMs = Number.NaN } = await ask(first.child);
    const peakMb = memory.stop();
    await stop(first.child);
    const fileMb = await sizeOf(folder);
    const reopened = performance.now();
    const second = await start(join(folder, 'tables.duckdb'));
    const openMs = performance.now() - reopened;
    running = second.child;
    await stop(second.child);
    return { rows, sent, found, seconds, peakMb, budgetMb, fileMb, queryMs, openMs };
  } finally {
    running?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(file: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(server, [file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The endpoint ended: its words are above.')));
  const [{ url = '' }] = (await Promise.race([once(child, 'message'), ended])) as [TablesAnswer];
  ended.catch(() => undefined);
  return { child, url };
}

async function ask(child: ChildProcess): Promise<TablesAnswer> {
  const answered = once(child, 'message');
  child.send('count');
  const [answer] = (await answered) as [TablesAnswer];
  return answer;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send('stop');
  await ended;
}

function watchMemory(child: ChildProcess): { stop(): number | undefined } {
  let peak: number | undefined;
  const look = () => {
    const bytes = child.pid === undefined ? undefined : residentBytes(child.pid);
    if (bytes !== undefined) peak = Math.max(peak ?? 0, bytes / MB);
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop() {
      look();
      clearInterval(timer);
      return peak;
    },
  };
}

/** Answers how many rows of which table were accepted. Throws on any other answer than 200. */
async function sendAll(url: string, count: number): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const batches = telemetryBatches(count);
  const sent: Record<string, number> = {};
  const work = async () => {
    for (const { body, rows } of batches) {
      const status = await post(agent, url, body);
      if (status !== 200) throw new Error(`A batch was answered with ${status}.`);
      for (const [table, number] of Object.entries(rows)) sent[table] = (sent[table] ?? 0) + number;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    agent.destroy();
  }
  return sent;
}

const post = (agent: Agent, url: string, body: TelemetryBatch['body']): Promise<number | undefined> =>
  new Promise((answered, failed) => {
    const headers = { 'content-type': 'application/json' };
    request(new URL('/v2.1/track', url), { agent, method: 'POST', headers }, (response) => {
      response.resume().once('end', () => answered(response.statusCode));
    })
      .once('error', failed)
      .end(body);
  });

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / MB;
}
