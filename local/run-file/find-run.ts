import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOurs, localFolders } from './local-folder.ts';
import { type Run, runSchema } from './run.ts';

export const runFileName = 'run.json';

export type FoundRun =
  | { kind: 'running'; file: string; run: Run }
  /** Left by a process that is gone. */
  | { kind: 'stale'; file: string; pid: number }
  | { kind: 'unreadable'; file: string; reason: string }
  | { kind: 'none' };

/** Looks for the run of a checkout, or reads the one run file that `file` names. */
export async function findRun({ root, file }: { root: string; file?: string | undefined }): Promise<FoundRun> {
  if (file !== undefined) return readRun(file);
  const { inside, outside } = localFolders(root);
  const first = await readRun(join(inside, runFileName));
  if (first.kind === 'running' || !(await isOurs(outside))) return first;
  const second = await readRun(join(outside, runFileName));
  return second.kind === 'running' || first.kind === 'none' ? second : first;
}

async function readRun(file: string): Promise<FoundRun> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'none' } : { kind: 'unreadable', file, reason: message };
  }
  try {
    const run = runSchema.parse(JSON.parse(text));
    return isAlive(run.pid) ? { kind: 'running', file, run } : { kind: 'stale', file, pid: run.pid };
  } catch {
    return { kind: 'unreadable', file, reason: 'it does not hold a run of this version' };
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and another user's
  }
}
