import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { message, track } from '../envelopes.fixture.ts';
import { tables } from '../tables.ts';
import { openWorkspace } from './workspace.ts';

const fixture = join(import.meta.dirname, 'kept-tables.fixture.ts');
const children: ChildProcess[] = [];
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owner ü '));
  file = join(folder, 'telemetry.duckdb');
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  await rm(folder, { recursive: true, force: true });
});

/** Starts another process on the file and answers the first line that it says. */
async function start(): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, [fixture, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [says] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  return { child, says };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('what was answered is there after the process was killed', async () => {
  const { child, says: url } = await start();
  expect((await track(url, JSON.stringify(['a', 'b', 'c'].map(message)))).status).toBe(200);
  await end(child);
  const workspace = await openWorkspace(tables, { file, now: () => new Date('2026-11-22T12:00:00Z') });
  const found = [];
  for await (const rows of workspace.rows('AppTraces')) found.push(...rows.map(({ Message }) => Message));
  await workspace.stop();
  expect(found).toEqual(['a', 'b', 'c']);
});

test('a second process is told who has the file, and the first goes on', async () => {
  const first = await start();
  const { says } = await start();
  expect(says).toContain(`${file} is held by process ${first.child.pid}`);
  await expect(openWorkspace(tables, { file })).rejects.toThrow(`is held by process ${first.child.pid}`);
  expect((await track(first.says, JSON.stringify([message('a')]))).status).toBe(200);
});

test('a second owner in the same process is refused, until the first has stopped', async () => {
  const first = await openWorkspace(tables, { file });
  await expect(openWorkspace(tables, { file })).rejects.toThrow('is held by this process already');
  await first.connection(); // a reader that forgets to close it does not hold the file
  await first.stop();
  const second = await openWorkspace(tables, { file });
  await second.stop();
});

test("the folder of the file is made, and is its owner's alone", async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no such modes');
  const inside = join(folder, 'telemetry', 'tables.duckdb');
  const workspace = await openWorkspace(tables, { file: inside });
  await workspace.stop();
  expect((await stat(join(folder, 'telemetry'))).mode & 0o777).toBe(0o700);
});

test('a file that is no database is named, with what to do', async () => {
  await writeFile(file, 'no database'.repeat(1_000));
  await expect(openWorkspace(tables, { file })).rejects.toThrow(/cannot be opened: .*Delete that file and .*\.wal/);
});
