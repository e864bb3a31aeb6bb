import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const mention = /`([^`]+)` with its (?:lines|hook) in `([^`]+)`/g;
const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const guideOf = (root: string): string => readFileSync(join(root, 'docs/guides/delete.md'), 'utf8');
const rowOf = (guide: string, name: string): string =>
  guide.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';

/**
 * The folders and files that go with a module: as `docs/guides/delete.md` lists them for each module, with those that its table adds for this one. Throws when the page lists none.
 */
export function pathsOfModule(root: string, name: string): string[] {
  const guide = guideOf(root);
  const list = /^A module `<name>` is.+?\n\n(.+?)\n\n/ms.exec(guide)?.[1] ?? '';
  const paths = codes(list).map((path) => path.replace('<name>', name));
  if (paths.length === 0) throw new Error('docs/guides/delete.md does not list what a module is.');
  return [...paths, ...codes(rowOf(guide, name).replaceAll(mention, '`$1`')).slice(1)];
}

/** Files that go with a module, each with the file that imports or runs it: its lines or its hook go too. */
export const mentionsOfModule = (root: string, name: string): { gone: string; from: string }[] =>
  [...rowOf(guideOf(root), name).matchAll(mention)].map(([, gone = '', from = '']) => ({ gone, from }));
