import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  copyCheckout,
  makeCheckout,
  removeCheckout,
  run,
  type Started,
  startCommand,
} from '../../cli/start/checkout.fixture.ts';

/** The service itself in a copy of this checkout, with what is listed for it. */
const realService = { command: process.execPath, args: ['--import', './src/preload.ts', 'src/main.ts'] };
const sendCommand = join(import.meta.dirname, '../../cli/send.ts');
let root: string;
let started: Started;

beforeAll(async () => {
  root = await copyCheckout();
  started = run(startCommand(root, { service: realService, listed: true }));
  await started.says('The service is ready at level 1');
});
afterAll(async () => {
  started.child.kill('SIGTERM');
  await started.exit();
  await removeCheckout(root);
});

function send(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const given = ['--business', 'file-router', '--run', join(root, '.local', 'run.json')];
    const child = spawn(process.execPath, [sendCommand, ...args, ...given], { cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

test('the sample gets exactly the answers that it expects, and every accepted file comes to its end', async () => {
  const { code, stdout, stderr } = await send('--sample', '100', '--json');
  expect(code, stderr).toBe(0);
  const { byDestination, seconds, ...counts } = JSON.parse(stdout);
  expect(counts).toEqual({
    sent: 100,
    accepted: 70,
    delivered: 68,
    deadLettered: 2,
    refused: { 400: 20, 413: 4, 415: 2 },
    failed: 0,
    duplicates: 4,
    lost: 0,
  });
  expect(Object.values<number>(byDestination).reduce((sum, count) => sum + count)).toBe(68);
});

test('files and folders are sent, and the table is the result', async () => {
  const folder = join(root, 'my fïles');
  await mkdir(folder);
  await writeFile(join(folder, 'größe.png'), 'an image');
  await writeFile(join(folder, 'empty'), '');
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(1_000_000));
  const { code, stdout, stderr } = await send('my fïles', 'package.json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/sent +4 /);
  expect(stdout).toMatch(/delivered +2 .*images: 1/);
  expect(stdout).toMatch(/refused +2 .*400: 1, 413: 1/);
});

test('a rule for a destination that does not run yet is told', async (context) => {
  const checkout = await makeCheckout();
  const own = run(startCommand(checkout, { listed: true }));
  context.onTestFinished(async () => {
    own.child.kill('SIGKILL');
    await own.exit();
    await removeCheckout(checkout);
  });
  await own.says('is ready');
  const rules = join(checkout, 'src/business/file-router');
  await mkdir(rules, { recursive: true });
  await writeFile(join(rules, 'routing-rules.json'), '{"rules":[{"destination":"legal"}]}');
  await own.says('a destination that does not run here yet (legal)');
});
