import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import entities from '../../../test/fixture-business/queues.json' with { type: 'json' };
import { findCompiler } from '../../../tools/bicep/find-compiler.ts';

export const root = resolve(import.meta.dirname, '../../..');
const notCopied = new Set(['node_modules', '.git', 'dist', '.local', '.state', '.bicep']);
export const run = promisify(execFile);

/** The project as it is left when the named paths are deleted. Installed packages are those of this checkout. */
export async function copyWithout(...paths: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'removal-'));
  const gone = new Set([...notCopied, ...paths]);
  await cp(root, folder, { recursive: true, filter: (source) => !gone.has(relative(source)) });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await chmod(folder, 0o755); // one test starts the service as another user, who must be able to enter
  return folder;
}
const relative = (source: string) => source.slice(root.length + 1).replaceAll('\\', '/');

export async function edit(folder: string, file: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  expect(after, `${file} has the line to delete`).not.toBe(before);
  await writeFile(path, after);
}

export const withoutLines = (part: string) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n');

/** That of this checkout: without it each copy would fetch one of its own. */
const compiler = await findCompiler();

/** Fails with everything that the command said. */
export async function expectToPass(
  folder: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = { REQUIRE_ALL: '0' },
): Promise<void> {
  const failure = await run(command, args, {
    cwd: folder,
    env: { ...process.env, VITEST: undefined, NODE_ENV: undefined, BICEP: compiler.path, ...env },
    maxBuffer: 1e8,
    shell: process.platform === 'win32',
  }).then(
    () => undefined,
    (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`,
  );
  expect(failure).toBeUndefined();
}

// Two copies are tested at the same time, which is twice the load that the patience of the tests is made for: they have
// three tries.
const runProjects = (folder: string, projects: readonly string[], files: readonly string[]) =>
  expectToPass(folder, process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files,
    ...projects.map((project) => `--project=${project}`),
    '--retry=2',
  ]);

/** All tests but those of `infra`. */
export const runTests = (folder: string, ...files: string[]) => runProjects(folder, ['tests', 'journeys'], files);

/** Without a compiler the committed predictions are those of the whole project, and the tests say that they are old. */
export const runInfraTests = async (folder: string, ...files: string[]): Promise<void> => {
  if (compiler.path !== undefined) await runProjects(folder, ['infra', 'variants'], files);
};

/** Where the sample lives; beside them it has a line in two lists, and its queue. */
export const rooms = ['src/business/file-router', 'test/business/file-router', 'local/business/file-router'];

/** A team has deleted it already: then there is nothing of it to delete. */
export const hasSample = existsSync(join(root, 'src/business/file-router'));

/** The project without the sample, and without `paths`. */
export async function withoutSample(...paths: string[]): Promise<string> {
  if (!hasSample) return copyWithout(...paths);
  const folder = await copyWithout(...rooms, ...paths);
  await edit(folder, 'src/business/index.ts', withoutLines("from './file-router"));
  await edit(folder, 'src/business/index.ts', (text) => text.replace('createFileRouter()', ''));
  await edit(folder, 'infra/queues.json', () => '{ "queues": {}, "topics": {} }\n');
  if (paths.includes('local')) return folder;
  await edit(folder, 'local/business/index.ts', withoutLines("from './file-router"));
  await edit(folder, 'local/business/index.ts', (text) => text.replace('[fileRouter]', '[]'));
  return folder;
}

/** As a team would have written it: the business of the tests in `src/business`, and its queues. */
export async function replaceBusiness(folder: string): Promise<void> {
  const own = join(folder, 'src/business/parcels');
  await cp(join(folder, 'test/fixture-business'), own, {
    recursive: true,
    filter: (source) => !source.endsWith('preload.ts'),
  });
  for (const file of ['index.ts', 'parcel.ts', 'parcels.ts']) {
    const path = join(own, file);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll("'../../src/", "'../../"));
  }
  await edit(folder, 'src/business/index.ts', () => "export { businesses } from './parcels/index.ts';\n");
  await edit(folder, 'infra/queues.json', () => JSON.stringify(entities));
}

/** The service says where it listens: without a connection string every line goes to standard output. */
export function portOf(output: NodeJS.ReadableStream): Promise<number> {
  let text = '';
  return new Promise((found, failed) => {
    output.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((candidate) => candidate.includes('"message":"listening"'));
      if (line) found((JSON.parse(line) as { port: number }).port);
    });
    output.on('end', () => failed(new Error(`The service ended: ${text}`)));
  });
}
