import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../src/observability/registry.ts';

const root = resolve(import.meta.dirname, '..');
const sources = globSync(['src/business/**/*.ts', 'test/fixture-{business,forms}/**/*.ts'], { cwd: root })
  .filter((path) => !path.endsWith('preload.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

test.each(sources)(
  '$path is the same at every level: it can ask neither for the level nor for a module',
  ({ text }) => {
    expect(text).not.toMatch(/OBSERVABILITY_(LEVEL|CONFIG)/);
    const imported = [...text.matchAll(/'(\.[^']*\/(observability|config)\/[^']*)'/g)].map(([, path]) => path);
    for (const path of imported) expect(path).toMatch(/\/(observability\/events|config\/json-file)\.ts$/);
  },
);

test('there is code to look at, and modules that it must not know', () => {
  expect(existsSync(join(root, 'src/business/index.ts'))).toBe(true);
  expect(sources.length).toBeGreaterThan(3);
  expect(registry.length).toBeGreaterThan(0);
});
