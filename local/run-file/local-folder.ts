import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
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
