import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { checkWorkTree } from '../init/work-tree.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'work tree ü '));
afterAll(() => rm(folder, { recursive: true, force: true }));
const hasGit = await run('git', ['--version']).then(
  () => true,
  () => false,
);

test('where there is no repository the answer says that nothing can be brought back', async () => {
  expect(await checkWorkTree(folder)).toMatch(/^This is no work tree of git/);
});

test('a work tree with changes is refused, a clean one is not', async ({ skip }) => {
  skip(!hasGit, 'git is not installed');
  await run('git', ['init'], { cwd: folder });
  expect(await checkWorkTree(folder)).toBeUndefined();
  await writeFile(join(folder, 'own.txt'), 'mine');
  await expect(checkWorkTree(folder)).rejects.toThrow('commit them first, or add --force');
});
