import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../src/observability/registry.ts';
import { findOnce, readMutants } from '../../tools/mutants/read-mutants.ts';

const root = resolve(import.meta.dirname, '../..');

test('every listed defect still fits the file that it is meant for, and names a test file that exists', async () => {
  for (const { file, find, replace, caughtBy } of await readMutants(root)) {
    // What was deleted on purpose, a whole folder, takes its defects with it.
    if (![file, caughtBy].every((path) => existsSync(join(root, dirname(path))))) continue;
    findOnce(await readFile(join(root, file), 'utf8'), file, find);
    expect(replace).not.toBe(find);
    expect(existsSync(join(root, caughtBy)), caughtBy).toBe(true);
  }
});

test('every module with code has at least three defects listed', async () => {
  const mutants = await readMutants(root);
  for (const { manifest, load } of registry) {
    if (!load) continue;
    const own = mutants.filter(({ file }) => file.startsWith(`src/observability/modules/${manifest.name}/`));
    expect(own.length, manifest.name).toBeGreaterThanOrEqual(3);
  }
});
