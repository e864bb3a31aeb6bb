import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where a run of this checkout may keep its files, best first: `.local` inside, and for a checkout that cannot be written
 * a folder of its own under the system's temporary one.
 */
export function localFolders(root: string): { inside: string; outside: string } {
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const user = process.getuid?.() ?? 'user';
  return { inside: join(root, '.local'), outside: join(tmpdir(), `azure-on-your-machine-${user}-${checkout}`) };
}

/**
 * Creates the folder that a run uses and answers its path. Throws when not even the temporary folder can be used, or when
 * somebody else made it first.
 */
export async function openLocalFolder(root: string): Promise<string> {
  const { inside, outside } = localFolders(root);
  try {
    await mkdir(inside, { recursive: true });
    await access(inside, constants.W_OK);
    return inside;
  } catch {
    await mkdir(outside, { recursive: true, mode: 0o700 });
    if (!(await isOurs(outside))) throw new Error(`${outside} belongs to somebody else: remove it, or set TMPDIR`);
    return outside;
  }
}

/** The temporary folder is open to every user of the machine: what lies there is believed only in a folder of ours. */
export async function isOurs(folder: string): Promise<boolean> {
  try {
    const facts = await lstat(folder);
    if (!facts.isDirectory()) return false;
    return process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & 0o022) === 0);
  } catch {
    return false;
  }
}
