import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandRefused } from './command-refused.ts';
import { askServer } from './doctor/http-answer.ts';
import type { QueryWorkspace } from './query-workspace.ts';

/** The part of the run file of `npm start` that these commands need. */
const runFile = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  level: z.int().min(1).max(5),
  /** The connection string; absent where the service has no queue and no topic. */
  serviceBus: z.string().min(1).optional(),
  ingestion: z.url(),
  /** Where security events go; `certificate` is a file. */
  securityLogs: z.object({ endpoint: z.url(), rule: z.string(), certificate: z.string() }).optional(),
  service: z.url().optional(),
  /** Where the rows of telemetry can be read. */
  dashboard: z.url().optional(),
  /** What a query of those rows must show. */
  token: z.string().optional(),
  serviceBusAdmin: z.url().optional(),
});

export type LocalRun = z.output<typeof runFile>;

/**
 * The run of `npm start` in the checkout `root`, or that of the run file `file`. Throws `CommandRefused` when nothing
 * runs.
 */
export async function findLocalRun({ root, file }: { root: string; file?: string | undefined }): Promise<LocalRun> {
  const files = file === undefined ? await runFilesOf(root) : [file];
  const found = await Promise.all(files.map(readRun));
  const run = found.find((one) => typeof one === 'object');
  if (run) return run;
  const missing = file === undefined ? 'Nothing is running here' : `${file} is not there`;
  const why = found.find((one) => one !== undefined) ?? missing;
  throw new CommandRefused(`${why}: run "npm start" first, or name what runs in Azure (--namespace, --workspace).`);
}

/** Returns a function that asks the tables of a run as `openWorkspace` asks those in Azure, but without its time range. */
export function openLocalTables({ dashboard = '', token }: LocalRun): QueryWorkspace {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return async (query) => {
    // A query may run for 30 seconds, and those before it.
    const signal = AbortSignal.timeout(120_000);
    const asked = { method: 'POST', headers, body: JSON.stringify({ query }), signal };
    const { status, text } = await askServer(new URL('/api/kql', dashboard), asked);
    if (status !== 200) throw new CommandRefused(`${dashboard} does not answer in KQL: ${text}`);
    const [{ columns, fault }, ...rows] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    if (fault) throw new CommandRefused(`The query cannot be run here: ${fault.message}`);
    return rows.map((row) => columns.map(({ name }: { name: string }) => row[name]));
  };
}

/**
 * The run file is in `.local`, or, for a checkout that cannot be written, in a folder under the system's temporary one.
 */
async function runFilesOf(root: string): Promise<string[]> {
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const outside = join(tmpdir(), `azure-on-your-machine-${process.getuid?.() ?? 'user'}-${checkout}`);
  const folders = [join(root, '.local'), ...((await isOurs(outside)) ? [outside] : [])];
  return folders.map((folder) => join(folder, 'run.json'));
}

/** Every user can write to the temporary folder, so a run file there counts only in a folder that this user owns. */
async function isOurs(folder: string): Promise<boolean> {
  const facts = await lstat(folder).catch(() => undefined);
  if (!facts?.isDirectory()) return false;
  return process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & 0o022) === 0);
}

/** Returns the run, a text that says why the file cannot be used, or undefined when there is no file. */
async function readRun(file: string): Promise<LocalRun | string | undefined> {
  try {
    const run = runFile.parse(JSON.parse(await readFile(file, 'utf8')));
    return isAlive(run.pid) ? run : `${file} is stale, process ${run.pid} is gone`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return `${file} cannot be used (${typeof code === 'string' ? code : 'it does not hold a run of this version'})`;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but of another user
  }
}
