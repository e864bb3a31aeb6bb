import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultOfObservabilityFile } from './observability-check.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'check ü '));
  await symlink(join(repository, 'src'), join(root, 'src'), 'junction');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const judge = async (text: string, env: NodeJS.ProcessEnv = {}) => {
  await writeFile(join(root, 'observability.json'), text);
  return faultOfObservabilityFile(root, env);
};

test('a file that the service can start with has no fault', async () => {
  expect(await judge('{"level":2}')).toBeUndefined();
  expect(await judge('{}', { OBSERVABILITY_LEVEL: '3' })).toBeUndefined();
});

test('half a file, and a file that the loader of the service refuses, are told in one line', async () => {
  expect(await judge('{"level":')).toMatch(/^observability\.json cannot be used: .*JSON/);
  const fault = await judge('{"level":9,"lvel":1}');
  expect(fault).toMatch(/^observability\.json: .*found 9; allowed: 1 \(baseline\).*, and 1 more$/);
  expect(fault).not.toContain('\n');
});

test('what cannot be judged is left to the next start of the service', async () => {
  await rm(join(root, 'src'));
  expect(await judge('{"level":9}')).toBeUndefined();
});
