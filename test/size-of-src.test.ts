import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const limit = 8_000; // docs/decisions/size-of-src.md

/** Blank lines, comments and tests are not counted. */
function codeLines(folder: string): number {
  const sources = globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/test/**'] });
  const lines = sources.flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'));
  return lines.filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}

test('what a team must own stays within the limit, which the README tells', () => {
  expect(codeLines('src')).toBeLessThanOrEqual(limit);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`${limit.toLocaleString('en')} lines of code`);
});

test('the commands for people stay within theirs', () => {
  expect(codeLines('operator')).toBeLessThanOrEqual(1_100);
});

test('main.ts fits on a screen', () => {
  expect(readFileSync(join(root, 'src/main.ts'), 'utf8').split('\n').length).toBeLessThanOrEqual(61);
});
