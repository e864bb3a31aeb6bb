import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../../../../src/observability/modules/structured-logs/index.ts');
const service = `
  const { setUp } = await import(${JSON.stringify(module)});
  const { logSinks: [log] } = setUp({ section: {}, service: { name: 's', version: '1' }, settings: {} });
  const record = { time: new Date(0), severity: 'info', message: 'said', fields: { text: 'x'.repeat(1_000) } };`;

function run(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', service + script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return { child, output: child.stdout as NonNullable<typeof child.stdout> };
}

test('every line that was logged before a crash has been written, also when the pipe to its reader was full', async () => {
  const { child, output } = run(`
    for (let line = 0; line < 1_000; line++) log(record);
    process.kill(process.pid, 'SIGKILL');`);
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  expect((await text(output)).split('\n')).toHaveLength(1_001);
  expect(await ended).toBe('SIGKILL');
});

test('the service goes on when the reader of its lines has gone', async () => {
  const { child, output } = run(`
    process.once('message', () => {
      for (let line = 0; line < 1_000; line++) log(record);
      setImmediate(() => process.exit(0));
    });
    process.send('ready');`);
  await new Promise((ready) => child.once('message', ready));
  const closed = new Promise((resolve) => output.once('close', resolve));
  output.destroy();
  await closed;
  const code = new Promise((resolve) => child.once('exit', resolve));
  child.send('log');
  expect(await code).toBe(0);
});
