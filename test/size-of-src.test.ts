import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const limit = 8_000; // docs/decisions/size-of-src.md

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);
const codeLines = (path: string) =>
  readFileSync(join(root, 'src', path), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;

test('what a team must own stays within the limit, which the README tells', () => {
  const lines = sources.reduce((sum, path) => sum + codeLines(path), 0);
  expect(lines).toBeLessThanOrEqual(limit);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`${limit.toLocaleString('en')} lines of code`);
});

test('main.ts fits on a screen', () => {
  expect(readFileSync(join(root, 'src/main.ts'), 'utf8').split('\n').length).toBeLessThanOrEqual(61);
});
