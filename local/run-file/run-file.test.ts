import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRun, openLocalFolder, publishRun, type Run } from './index.ts';
import { localFolders } from './local-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'run file ü '));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(localFolders(root).outside, { recursive: true, force: true });
});

const run: Run = {
  version: 1,
  pid: process.pid,
  level: 1,
  service: 'http://127.0.0.1:3000',
  dashboard: 'http://127.0.0.1:4600',
  serviceBus: 'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true',
  serviceBusAdmin: 'http://127.0.0.1:4601',
  ingestion: 'http://127.0.0.1:4602',
  destination: 'http://127.0.0.1:4603',
  token: 'a token of some length',
};
const publish = async (content: Run = run) => publishRun(await openLocalFolder(root), content);
const goneProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

test('a published run is found with everything in it and is readable by its owner alone', async () => {
  const file = await publish();
  expect(await findRun({ root })).toEqual({ kind: 'running', file: join(root, '.local', 'run.json'), run });
  if (process.platform !== 'win32') expect((await stat(file?.path ?? '')).mode & 0o777).toBe(0o600);
});

test('of two starts the second gets no file and leaves the first one as it is', async () => {
  await publish();
  expect(await publish({ ...run, level: 5 })).toBeUndefined();
  expect(await findRun({ root })).toMatchObject({ run: { level: 1 } });
});

test('a run can change its level and is removed at the end', async () => {
  const file = await publish();
  await file?.update({ ...run, level: 3 });
  expect(await findRun({ root })).toMatchObject({ run: { level: 3 } });
  file?.remove();
  expect(await findRun({ root })).toEqual({ kind: 'none' });
});

test('the end of one run does not remove the file of the next', async () => {
  const file = await publish();
  const next = JSON.stringify({ ...run, pid: process.ppid });
  await writeFile(join(root, '.local', 'run.json'), next);
  file?.remove();
  expect(await readFile(join(root, '.local', 'run.json'), 'utf8')).toBe(next);
});

test('a run whose process is gone is stale', async () => {
  const pid = goneProcess();
  await publish({ ...run, pid });
  expect(await findRun({ root })).toEqual({ kind: 'stale', file: join(root, '.local', 'run.json'), pid });
});

test('a file that holds something else is said to be unreadable', async () => {
  await mkdir(join(root, '.local'));
  await writeFile(join(root, '.local', 'run.json'), '{"version":2}');
  expect(await findRun({ root })).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringContaining('this version'),
  });
});

test('a checkout that cannot be written keeps its run in a folder of its own for this user alone', async () => {
  await writeFile(join(root, '.local'), 'in the way');
  const file = await publish();
  const { outside } = localFolders(root);
  expect(file?.path).toBe(join(outside, 'run.json'));
  expect(await findRun({ root })).toMatchObject({ kind: 'running', file: file?.path });
  if (process.platform !== 'win32') expect((await stat(outside)).mode & 0o777).toBe(0o700);
});

test('a temporary folder that others may write is not believed', async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no such modes');
  await writeFile(join(root, '.local'), 'in the way');
  await publish();
  await chmod(localFolders(root).outside, 0o777);
  expect(await findRun({ root })).toEqual({ kind: 'none' });
  await expect(openLocalFolder(root)).rejects.toThrow('belongs to somebody else');
});
