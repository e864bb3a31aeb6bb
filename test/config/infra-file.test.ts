import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findInfraFile } from '../../src/config/infra-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'infra with ä space '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file of infra is found from the build folder too', () => {
  const path = join(folder, 'infra', 'some.json');
  for (const inner of ['infra', 'dist/config']) mkdirSync(join(folder, inner), { recursive: true });
  writeFileSync(path, '{}');
  expect(findInfraFile('some.json', join(folder, 'dist', 'config'))).toBe(path);
});

test('a missing file is a sentence', () => {
  expect(() => findInfraFile('some.json', tmpdir())).toThrow('infra/some.json was not found');
});
