import { readdir, stat } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { peakResidentBytes, residentBytes } from '../../platform-metrics/resident-bytes.ts';
import { copyProject, type StartedProject, startProject } from './started-project.ts';
import { senderRole, type TelemetryBatch, telemetryBatches } from './telemetry-batches.ts';

export interface IngestionResult {
  rows: number;
  /** By table, as the sender counted and as a query counts. */
  sent: Record<string, number>;
  found: Record<string, number>;
  seconds: number;
  /** The most that the process of `npm start` held in memory at any time; undefined where the system does not tell it. */
  peakMb: number | undefined;
  budgetMb: number;
  /** What is on the disk after a stop. */
  fileMb: number;
  /** The 95th percentile by name over all requests, in KQL. */
  queryMs: number;
  /** A start on the full tables. */
  openMs: number;
}

const budgetMb = 1_000;
const connections = 4;
const SAMPLE_MS = 200;
const MB = 1_000_000;
const ours = `where AppRoleName == "${senderRole}"`;
const counted = `union withsource=Table AppRequests, AppDependencies, AppEvents | ${ours} | summarize Rows = count() by Table`;
const asked = `AppRequests | ${ours} | summarize sum(ItemCount), percentile(DurationMs, 95) by Name`;

/** Sends so many rows to `npm start`, which keeps its tables in a file, and looks at what became of them. */
export async function measureIngestion(rows: number, told: (line: string) => void): Promise<IngestionResult> {
  const { root, remove } = await copyProject();
  let running: StartedProject | undefined;
  try {
    running = await startProject(root);
    const memory = watchMemory(running.pid);
    told(`ingestion: ${rows} rows over HTTP to npm start, process ${running.pid}`);
    const startedAt = performance.now();
    const sent = await sendAll(running.run.ingestion, rows);
    const seconds = (performance.now() - startedAt) / 1_000;
    const found = Object.fromEntries((await running.ask(counted)).map((row) => [row.Table, Number(row.Rows)]));
    const askedAt = performance.now();
    await running.ask(asked);
    const queryMs = performance.now() - askedAt;
    const peakMb = memory.stop();
    await running.stop();
    const fileMb = await sizeOf(join(root, '.local', 'telemetry'));
    const reopened = performance.now();
    running = await startProject(root);
    const openMs = performance.now() - reopened;
    return { rows, sent, found, seconds, peakMb, budgetMb, fileMb, queryMs, openMs };
  } finally {
    await running?.stop();
    await remove();
  }
}

function watchMemory(pid: number): { stop(): number | undefined } {
  let peak: number | undefined;
  const look = (bytes: number | undefined) => {
    if (bytes !== undefined) peak = Math.max(peak ?? 0, bytes / MB);
  };
  const timer = setInterval(() => look(residentBytes(pid)), SAMPLE_MS);
  return {
    stop() {
      look(residentBytes(pid));
      look(peakResidentBytes(pid));
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
