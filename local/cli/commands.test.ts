import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from './fault.ts';
import { rows } from './rows.ts';
import { type Outcome, runInProcess } from './run-command.fixture.ts';
import {
  allGone,
  copyWithFixture,
  removeCheckout,
  run,
  runOf,
  type Started,
  servicesOf,
  startCommand,
  withFixture,
} from './start/checkout.fixture.ts';
import { start } from './start.ts';
import { trace } from './trace.ts';

/** The service itself, with its own telemetry, in a copy of this checkout. */
const realService = { command: process.execPath, args: ['--import', './src/preload.ts', 'src/main.ts'] };
let root: string;
let started: Started;
let runFile: string;
/** A small file that is accepted. */
let readable: string;

beforeAll(async () => {
  root = await copyWithFixture();
  started = run(startCommand(root, { service: realService }));
  await started.says('The service is ready at level 1');
  runFile = join(root, '.local', 'run.json');
  readable = join(root, 'package.json');
});
afterAll(async () => {
  started.child.kill('SIGTERM');
  await started.exit();
  await removeCheckout(root);
});

const commands = { start, rows, fault, trace };
/** Runs `npm run <name> -- <args>` in this process and in the copy of the checkout. */
const command = (name: string, ...args: string[]): Promise<Outcome> =>
  name === 'send' ? sendInChild(args) : runInProcess(commands[name as keyof typeof commands], args);

/** `send` asks the businesses of the checkout: those of the tests come by a preload, which needs a process of its own. */
function sendInChild(args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...withFixture, join(import.meta.dirname, 'send.ts'), ...args], {
      cwd: root,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

const withRun = (name: string, ...args: string[]) => command(name, ...args, '--run', runFile);
const rowsOf = async (...args: string[]) => {
  const { stdout } = await withRun('rows', ...args);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};

test('made requests get exactly the answers that they expect, and every accepted one comes to its end', async () => {
  const { code, stdout, stderr } = await withRun('send', '--sample', '100', '--json');
  expect(code, stderr).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const { byDestination, seconds, ...counts } = JSON.parse(stdout);
  expect(counts).toEqual({
    sent: 100,
    accepted: 90,
    delivered: 80,
    deadLettered: 10,
    refused: { 400: 10, 413: 0 },
    failed: 0,
    duplicates: 0,
    lost: 0,
  });
  expect(byDestination).toEqual({ north: 70, south: 10 });
  expect(seconds).toBeGreaterThan(0);
  expect(stderr).toMatch(/accepted +90/);
});

test('a request is made of every file in a folder, and the table is the result', async () => {
  const folder = join(root, 'my fïles');
  await mkdir(folder);
  await writeFile(join(folder, 'größe.png'), 'an image');
  await writeFile(join(folder, 'empty'), '');
  const { code, stdout, stderr } = await withRun('send', folder, readable);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/sent +3 /);
  expect(stdout).toMatch(/delivered +3 .*north: 3/);
});

test('when the service accepts nothing of what is sent, the command says so by its exit code', async () => {
  const { dashboard, ...run } = await runOf(root);
  const elsewhere = join(root, 'elsewhere.json');
  await writeFile(elsewhere, JSON.stringify({ ...run, dashboard, service: dashboard }), { mode: 0o600 });
  const { code, stdout, stderr } = await command('send', '--sample', '3', '--json', '--run', elsewhere);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 3, accepted: 0 });
  expect(stderr).toContain('The service accepted none of them.');
});

test('a service is sent to by its address alone, and only its answers are counted', async () => {
  const { service } = await runOf(root);
  const { code, stdout, stderr } = await command('send', '--sample', '3', '--json', '--url', service);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 3, accepted: 2, refused: { 400: 1 }, failed: 0 });
  expect(JSON.parse(stdout)).not.toHaveProperty('delivered');
  expect(await withRun('send', '--sample', '1', '--url', service)).toMatchObject({
    code: 2,
    stderr: 'Use --url or --run, not both.\n',
  });
});

test('a file that cannot be read is counted and named, and the command says so by its exit code', async ({ skip }) => {
  skip(process.platform === 'win32', 'links need rights on Windows');
  await symlink('/nowhere', join(root, 'dangling'));
  const { code, stdout, stderr } = await withRun('send', join(root, 'dangling'), readable, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 2, accepted: 1, delivered: 1, failed: 1, lost: 0 });
  expect(stderr).toMatch(/failed: .*dangling: it cannot be opened/);
});

test('a destination that is down leads to dead letters, and what does not come to its end in time is lost', async () => {
  const down = await withRun('fault', 'destination', 'down');
  expect(down).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(down.stdout)).toMatchObject({ listening: false });
  expect(JSON.parse((await withRun('send', readable, '--json')).stdout)).toMatchObject({
    deadLettered: 1,
    lost: 0,
  });

  await withRun('fault', 'destination', 'hang');
  const lost = await withRun('send', readable, '--timeout', '1', '--json');
  expect(lost.code).toBe(1);
  expect(JSON.parse(lost.stdout)).toMatchObject({ accepted: 1, delivered: 0, deadLettered: 0, lost: 1 });
  await withRun('fault', 'destination', 'down'); // ends what hangs
  expect((await withRun('fault', 'destination', 'ok')).code).toBe(0);
  expect(JSON.parse((await withRun('fault', 'destination')).stdout)).toMatchObject({ listening: true });
});

test('the rows tell of the requests, all or those of one operation', async () => {
  await expect
    .poll(() => rowsOf('AppRequests'), { timeout: 20_000, interval: 200 })
    .toSatisfy((found: unknown[]) => found.length >= 100);
  const row = (await rowsOf('AppRequests')).find(({ Name }) => Name === 'POST /parcels');
  expect(await rowsOf('AppRequests', '--operation', row.OperationId)).toEqual([row]);
  expect(await rowsOf('AppRequests', '--last', '3')).toHaveLength(3);
  expect(await withRun('rows', 'AppNothing')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('AppRequests'),
  });
});

test('at a terminal rows and states are tables, and an empty one says why', async () => {
  const terminal = { columns: 100 };
  const env = { NO_COLOR: '1' };
  const table = await runInProcess(rows, ['AppRequests', '--last', '2', '--run', runFile], { terminal, env });
  expect(table.stdout).toMatch(/^(\d\d:\d\d:\d\d {2}POST \/parcels +\d{3} +[\d.]+ m?s {2}[0-9a-f]{8}\n){2}$/);
  expect(await runInProcess(rows, ['AppPageViews', '--run', runFile], { terminal, env })).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('AppPageViews is empty: the service'),
  });
  const state = await runInProcess(fault, ['destination', '--run', runFile], { terminal, env });
  expect(state.stdout).toMatch(/^ {2}destination +listening yes\n( {4}[a-z]+ +ok +since \d\d:\d\d:\d\d.*\n){4}$/);
  const asJson = await runInProcess(fault, ['destination', '--json', '--run', runFile], { terminal, env });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ listening: true });
});

test('the way of a message is a tree, found by any of its ids or their beginning', async () => {
  const delivered = async () => (await rowsOf('AppTraces')).find(({ Message }) => Message === 'parcel delivered');
  await expect.poll(delivered, { timeout: 20_000, interval: 200 }).toBeDefined();
  const { parcelId } = (await delivered()).Properties;
  const whole = await withRun('trace', parcelId);
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  expect(whole.stdout).toMatch(/request {2}POST \/parcels {2}202/);
  expect(whole.stdout).toMatch(/log {6}├─ parcel queued {2}parcelId [0-9a-f]{8}…|log {6}└─ parcel queued/);
  expect(whole.stdout).toContain('parcel delivered');
  expect((await withRun('trace', `${parcelId.slice(0, 8)}…`)).stdout).toBe(whole.stdout);
  const lines = (await withRun('trace', parcelId, '--json')).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).Type)).toEqual(expect.arrayContaining(['AppRequests', 'AppTraces']));
  expect(await withRun('trace', 'no-such-id')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Nothing has the id "no-such-id": .*\n$/),
  });
});

test('a reader that has seen enough ends the command in peace', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fault.ts'), 'destination', '--run', runFile]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdout.destroy();
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('an unknown mode or stand-in is wrong usage and is answered with the list', async () => {
  const mode = await withRun('fault', 'service-bus', 'upside-down');
  expect(mode).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('ok, down, slow, flaky') });
  const standIn = await withRun('fault', 'printer', 'down');
  expect(standIn).toMatchObject({ code: 2, stderr: expect.stringContaining('destination, ingestion, service-bus') });
  expect(await withRun('fault', 'ingestion', 'slow', 'ms')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('name=value'),
  });
});

test('every command explains itself with nothing running', async () => {
  const names = [...Object.keys(commands), 'send'];
  for (const name of names) {
    const { code, stdout, stderr } = await command(name, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`));
  }
});

test('wrong usage is answered with one sentence and exit code 2', async () => {
  const cases: [arguments: string[], sentence: string][] = [
    [['rows', 'AppRequests', '--run', '/nowhere/run.json'], 'run "npm start" first'],
    [['rows', 'AppRequests', '--colour'], '--help'],
    [['rows', 'AppRequests', '--last', '0'], 'whole number'],
    [['trace'], 'Name one id'],
    [['start', '--inspect=0.0.0.0:9229'], 'a port from 1 to 65535'],
    [['fault'], 'destination, ingestion or service-bus'],
    [['rows'], 'Name one table'],
    [['send'], '--sample'],
    [['send', 'x', '--sample', '3'], 'not both'],
    [['send', '--sample', 'many'], 'whole number'],
    [['send', 'no such file', '--run', runFile], 'does not exist'],
  ];
  for (const [[name = '', ...args], sentence] of cases) {
    const { code, stdout, stderr } = await command(name, ...args);
    expect({ code, stdout }, args.join(' ')).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n'), args.join(' ')).toHaveLength(1);
    expect(stderr).toContain(sentence);
  }
});

test('the service in the background ends with the stand-ins', async () => {
  const { pid } = await runOf(root);
  started.child.kill('SIGINT');
  expect(await started.exit()).toEqual({ code: 0, signal: null });
  await allGone([pid, ...servicesOf(started.output())]);
});
