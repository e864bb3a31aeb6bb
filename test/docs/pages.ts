import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Whether neither of the parts that a team may delete is gone. */
export const isWhole: boolean = ['local', 'operator'].every((part) => existsSync(join(root, part)));

/** Every page that a person reads: at the root, in docs, and those of the parts. */
export const pages: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'local/**/README.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted();

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
