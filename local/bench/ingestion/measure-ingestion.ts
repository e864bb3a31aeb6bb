import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { peakResidentBytes, residentBytes } from '../../platform-metrics/resident-bytes.ts';
import { sendBatches } from './send-batches.ts';
import { copyProject, type StartedProject, startProject } from './started-project.ts';
import { senderRole } from './telemetry-batches.ts';

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
    const sent = await sendBatches(running.run.ingestion, rows);
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

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / MB;
}
