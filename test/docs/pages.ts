import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { registry } from '../../src/observability/registry.ts';

export const root = resolve(import.meta.dirname, '../..');

/** The modules with which more goes than their own folders, as the table of the guide names them. */
const shared = [...readFileSync(join(root, 'docs/guides/delete.md'), 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(
  ([, name]) => name,
);
const present = registry.map(({ manifest }) => manifest.name);

/** Whether the parts that a team may delete are there: code and pages that are left may name what went with one. */
export const isWhole: boolean =
  ['local', 'operator'].every((part) => existsSync(join(root, part))) &&
  shared.every((name) => present.some((module) => module === name));

/** Every page that a person reads: at the root, in docs, and those of the parts. */
export const pages: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'local/**/README.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted();

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
