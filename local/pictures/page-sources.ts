import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileHashes } from '../../tools/upgrade/file-hashes.ts';

export const repository = join(import.meta.dirname, '..', '..');
/** Where the README has its pictures, and what they were taken of. */
export const folder = join(repository, 'docs', 'pictures');
export const sourcesFile = 'sources.json';

const notShown = /\.(?:test|fixture)\.ts$|\.json$/;

/** One hash of all that the page is drawn by: while it is the same, its pictures are those of today. */
export function hashOfPage(): string {
  const files = Object.entries(fileHashes(join(repository, 'local', 'dashboard', 'page')));
  const shown = files.filter(([path]) => !notShown.test(path));
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}
