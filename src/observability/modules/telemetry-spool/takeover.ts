import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { newFileName, openBatch, readFileTime, type StoredBatch } from './disk-store.ts';

/** Three missed signs of life. */
const deadAfterMs = 60_000;
const folderName = /^(.+)\.(\d+)\.[\da-f]{8}$/;

/** A folder of its own for this process: several may share one STATE_DIR, also from different machines. */
export const ownFolder = (root: string): string =>
  join(root, `${hostname().replaceAll(/[^\w-]/g, '-')}.${process.pid}.${randomBytes(4).toString('hex')}`);

/**
 * Moves what dead processes have left into `own` and gives its batches. A process is dead when its id is gone from this
 * machine, or when it has given no sign of life: its folder's time, which each process renews with this call. Of two
 * that take over at once each file goes to one. Throws what the disk says.
 */
export async function takeOver(root: string, own: string, now: Date): Promise<StoredBatch[]> {
  await mkdir(own, { recursive: true, mode: 0o700 });
  await utimes(own, now, now);
  const names = await readdir(root);
  const batches: StoredBatch[] = [];
  for (const name of names) {
    const folder = join(root, name);
    if (folder === own || !(await isDead(folder, name, now))) continue;
    // One folder or file that is not ours to take must not strand what was moved before it, nor what comes after.
    for (const file of await readdir(folder).catch(() => [])) {
      const batch = await takeFile(join(folder, file), file, own).catch(() => undefined);
      if (batch) batches.push(batch);
    }
    await rmdir(folder).catch(() => {});
  }
  return batches;
}

async function isDead(folder: string, name: string, now: Date): Promise<boolean> {
  const [, host, pid] = folderName.exec(name) ?? [];
  if (host === undefined) return false;
  const sameHost = host === hostname().replaceAll(/[^\w-]/g, '-');
  if (sameHost && !isRunning(Number(pid))) return true;
  const facts = await stat(folder).catch(missing(undefined));
  return facts !== undefined && now.getTime() - facts.mtimeMs > deadAfterMs;
}

/** In a container every process may have the same id: one with ours is an earlier life of ours. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function takeFile(path: string, name: string, own: string): Promise<StoredBatch | undefined> {
  const at = readFileTime(name);
  if (at === undefined) {
    await rm(path, { force: true });
    return undefined;
  }
  // A new name: should the file be taken from us and come back, whoever still holds the old name must not delete it.
  const mine = join(own, newFileName(at));
  const facts = await rename(path, mine).then(() => stat(mine), missing(undefined));
  return facts && openBatch(mine, at, facts.size);
}

const missing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
