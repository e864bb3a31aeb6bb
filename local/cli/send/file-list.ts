import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command.ts';

export interface FileList {
  /** Paths only: contents are read when sent, so that a folder of any size fits in memory. */
  files: readonly string[];
  unreadable: readonly { path: string; reason: string }[];
}

/**
 * The files below `paths`. A symbolic link counts only when it is named itself: inside a folder it could lead out of the
 * folder, or in a circle. What is no file (a socket, a pipe) is left out. Throws `UsageError` for a path that does not exist.
 */
export async function listFiles(paths: readonly string[]): Promise<FileList> {
  const files = new Set<string>();
  const unreadable: { path: string; reason: string }[] = [];

  const visitFolder = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
      unreadable.push({ path: folder, reason: error.message });
      return [];
    });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await visitFolder(path);
      else if (entry.isFile()) files.add(path);
    }
  };

  for (const path of paths) {
    const named = await stat(path).catch(() => undefined);
    if (named?.isDirectory()) await visitFolder(path);
    else if (named?.isFile()) files.add(path);
    else if (named) unreadable.push({ path, reason: 'it is neither a file nor a folder' });
    else if (await exists(path)) unreadable.push({ path, reason: 'it cannot be opened' });
    else throw new UsageError(`"${path}" does not exist: name files or folders, or use --sample <n>.`);
  }
  return { files: [...files], unreadable };
}

/** Also true for a link to nothing, and for what we may not look into. */
const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EACCES',
  );
