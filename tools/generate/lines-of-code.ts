import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleManifest } from '../../src/config/manifest.ts';

export type ModuleLevel = ModuleManifest['level'];

/** Lines that are neither blank nor a comment: a count with comments would reward leaving reasons out. */
export const codeLines = (text: string): string[] =>
  text.split('\n').filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line));

/** Templates are no code of the commands: they are the code of the business that is written from them. */
const notCounted = ['**/test/**', '**/*.test.ts', '**/node_modules/**', '**/init/templates/**'];

/** TypeScript files below a folder, without tests, templates and packages; paths from the root, with slashes. */
export const sourcesOf = (root: string, folder: string): string[] =>
  globSync(`${folder}/**/*.ts`, { cwd: root, exclude: notCounted }).map((path) => path.replaceAll('\\', '/'));

/** Lines of code of all sources below a folder. */
export const linesOf = (root: string, folder: string): number => count(root, sourcesOf(root, folder));

/**
 * What each level adds to the lines of code of `src`, the businesses left out. The folder of a module counts for the
 * level in its manifest; everything else is there at every level, so it counts for level 1.
 */
export function linesByLevel(root: string, manifests: readonly ModuleManifest[]): Map<ModuleLevel, number> {
  const levels = new Map(manifests.map(({ name, level }) => [name, level]));
  const sources = sourcesOf(root, 'src').filter((path) => !/^src\/business\/.+\//.test(path));
  const levelOf = (path: string): ModuleLevel =>
    levels.get(path.match(/^src\/observability\/modules\/([^/]+)\//)?.[1] ?? '') ?? 1;
  return new Map([...Map.groupBy(sources, levelOf)].map(([level, paths]) => [level, count(root, paths)]));
}

const count = (root: string, paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + codeLines(readFileSync(join(root, path), 'utf8')).length, 0);
