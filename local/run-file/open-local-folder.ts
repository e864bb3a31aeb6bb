import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { isOurs, localFolders } from './local-folder.ts';

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
