import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../../src/observability/registry.ts';

const folder = resolve(import.meta.dirname, '../../../src/business');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

test('there is business code to look at', () => {
  expect(sources.length).toBeGreaterThan(5);
});

test.each(sources)('$name is the same at every level: it names neither a level nor a module', ({ text }) => {
  const names = registry.map(({ manifest }) => manifest.name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => text.includes(name))).toEqual([]);
  expect(text).not.toMatch(/level/i);
  // All that it sees of observability.
  const imported = [...text.matchAll(/'([^']*observability[^']*)'/g)].map(([, path]) => path);
  for (const path of imported) expect(path).toMatch(/^(\.\.\/)+observability\/events\.ts$/);
});
