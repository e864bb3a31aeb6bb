import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ServiceBusClient } from '@azure/service-bus';
import rhea from 'rhea';
import { expect, onTestFinished, test } from 'vitest';
import { noRenewal, takeOne } from './testing/open-broker.ts';

const queues = join(import.meta.dirname, '../../test/fixture-business/queues.json');
const command = join(import.meta.dirname, '..', 'cli', 'service-bus.ts');

function run(...args: string[]) {
  const child = spawn(process.execPath, [command, ...args], {
    stdio: 'pipe',
    env: { ...process.env, NODE_ENV: 'development' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const output: string[] = [];
  const errors: string[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => output.push(line));
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  return { child, ended, output, errors, firstLine: once(lines, 'line') as Promise<[string]> };
}

test('it prints one line, serves the queues of the file, and ends when its input closes', async () => {
  const { child, ended, output, errors, firstLine } = run('--queues', queues);
  const [line] = await firstLine;
  const { connectionString, adminUrl } = JSON.parse(line);
  const client = new ServiceBusClient(connectionString);
  await client.createSender('parcels').sendMessages({ body: 'hello' });
  expect((await takeOne(client.createReceiver('parcels', noRenewal))).body).toBe('hello');
  await client.close();
  expect(await (await fetch(`${adminUrl}/queues/parcels`)).json()).toEqual({ totalMessageCount: 1 });
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(output).toEqual([line]);
  expect(errors.join()).toContain('test double');
});

test('it ends with a client still connected, whose heartbeats it was to answer', async () => {
  const { child, ended, firstLine } = run();
  const [line] = await firstLine;
  const port = Number(/:(\d+);/.exec(JSON.parse(line).connectionString)?.[1]);
  const container = rhea.create_container();
  const connection = container.connect({
    host: '127.0.0.1',
    port,
    idle_time_out: 60_000,
    username: 'u',
    reconnect: false,
  });
  for (const event of ['disconnected', 'connection_error', 'error']) connection.on(event, () => {});
  await once(connection, 'connection_open');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

test('it ends on SIGTERM', async () => {
  const { child, ended, firstLine } = run();
  await firstLine;
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('wrong usage ends with code 2 and one sentence, help with code 0', async () => {
  const wrong = [
    { args: ['--port', '70000'], sentence: '"70000" is no port' },
    { args: ['--prot', '1'], sentence: "Unknown option '--prot'" },
    { args: ['extra'], sentence: "Unexpected argument 'extra'" },
  ].map(async ({ args, sentence }) => {
    const { ended, output, errors } = run(...args);
    expect(await ended).toEqual([2, null]);
    expect(output).toEqual([]);
    expect(errors).toEqual([expect.stringContaining(sentence)]);
  });
  const help = run('--help');
  expect(await help.ended).toEqual([0, null]);
  expect(help.output[0]).toContain('npm run service-bus');
  await Promise.all(wrong);
});
