import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export const root = resolve(import.meta.dirname, '../../..');
const notCopied = new Set(['node_modules', '.git', 'dist', '.local', '.state', '.bicep']);
const run = promisify(execFile);

/** The project without the named paths, in a temporary folder. Installed packages are those of this checkout. */
export async function copyWithout(...paths: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'removal-'));
  const gone = new Set([...notCopied, ...paths]);
  const relative = (source: string) => source.slice(root.length + 1).replaceAll('\\', '/');
  await cp(root, folder, { recursive: true, filter: (source) => !gone.has(relative(source)) });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Changes a file of the copy. Fails when that changes nothing: then the guide names something that is not there. */
export async function edit(folder: string, file: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  expect(after, `${file} has what is to be deleted`).not.toBe(before);
  await writeFile(path, after);
}

export const withoutLines = (part: string) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n');

export const removeCopy = (folder: string) => rm(folder, { recursive: true, force: true });

/** Fails with everything that the command wrote. */
export async function expectToPass(folder: string, command: string, args: string[]): Promise<void> {
  const env = { ...process.env, REQUIRE_ALL: '0', VITEST: undefined, NODE_ENV: undefined };
  const options = { cwd: folder, env, maxBuffer: 1e8, shell: process.platform === 'win32' };
  const failure = await run(command, args, options).then(
    () => undefined,
    (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`,
  );
  expect(failure).toBeUndefined();
}

/** Runs tests of the copy. Those of Bicep run in this checkout; in the copy `npm run generate` compiles it. */
export const runTests = (folder: string, ...files: string[]) =>
  expectToPass(folder, process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files,
    '--exclude=test/infra/**',
    '--no-isolate', // a third of the time is starting workers, and these tests need no worker of their own
  ]);
