import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/**
 * The folders and files that go with a module: as `docs/guides/delete.md` lists them for each module, with those that its table adds for this one. Throws when the page lists none.
 */
export function pathsOfModule(root: string, name: string): string[] {
  const guide = readFileSync(join(root, 'docs/guides/delete.md'), 'utf8');
  const list = /^A module `<name>` is.+?\n\n(.+?)\n\n/ms.exec(guide)?.[1] ?? '';
  const paths = codes(list).map((path) => path.replace('<name>', name));
  if (paths.length === 0) throw new Error('docs/guides/delete.md does not list what a module is.');
  const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
  return [...paths, ...codes(row.replace(/ with its lines in .+/, '')).slice(1)];
}
