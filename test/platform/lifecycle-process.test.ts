import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';

const fixture = join(import.meta.dirname, 'fixtures', 'process.ts');

interface Running {
  child: ChildProcess;
  lines(): string[];
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; lines: string[] }>;
}

function run(behaviour: string, { graceMs = 1_000, ipc = false } = {}): Running {
  const child = spawn(process.execPath, [fixture, behaviour, String(graceMs)], {
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const lines = () => text.split('\n').filter((line) => line !== '');
  // Not `close`: it does not come after the parent itself has closed the channel.
  const ended = Promise.all([once(child, 'exit'), once(child.stdout as Readable, 'end')]).then(([[code, signal]]) => ({
    code,
    signal,
    lines: lines(),
  }));
  return { child, lines, ended };
}

const says = (running: Running, line: string) => vi.waitFor(() => expect(running.lines()).toContain(line), 10_000);

test.skipIf(process.platform === 'win32')('SIGTERM and SIGINT: the process flushes and ends with 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const running = run('serve');
    await says(running, 'ready');
    running.child.kill(signal);
    expect(await running.ended).toEqual({ code: 0, signal: null, lines: ['ready', 'stopping', 'flushed'] });
  }
});

test.skipIf(process.platform === 'win32')(
  'a hanging step does not keep a process from ending in its grace period',
  async () => {
    const running = run('hang', { graceMs: 500 });
    await says(running, 'ready');
    const startedAt = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({
      code: 0,
      signal: null,
      lines: ['ready', 'stopping', 'a step of the shutdown hangs and is left behind', 'flushed'],
    });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  },
);

test.skipIf(process.platform === 'win32')(
  'a second signal is ignored at first and then ends the process at once',
  async () => {
    const running = run('hang', { graceMs: 60_000 });
    await says(running, 'ready');
    const startedAt = performance.now();
    running.child.kill('SIGINT');
    await says(running, 'stopping');
    // Keeps asking: what comes within a second of the first is ignored, the next one is obeyed.
    const asking = setInterval(() => running.child.kill('SIGINT'), 50);
    const { code, lines } = await running.ended;
    clearInterval(asking);
    expect(code).toBe(130);
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    expect(lines).not.toContain('flushed');
  },
);

test('an uncaught exception and an unhandled rejection are logged, flushed and end with 1', async () => {
  const expected = { throw: 'uncaught exception: boom', reject: 'unhandled rejection: boom' };
  for (const [behaviour, line] of Object.entries(expected)) {
    expect(await run(behaviour).ended).toEqual({
      code: 1,
      signal: null,
      lines: ['ready', line, 'stopping', 'flushed'],
    });
  }
});

test('a start that fails flushes what was started and ends with 1', async () => {
  const { code, lines } = await run('fail').ended;
  expect(code).toBe(1);
  expect(lines).toEqual(['the service could not start: cannot start', 'stopping', 'flushed']);
});

test('a process whose parent closes the channel flushes and ends with 0', async () => {
  const running = run('serve', { ipc: true });
  await says(running, 'ready');
  running.child.disconnect();
  expect(await running.ended).toEqual({ code: 0, signal: null, lines: ['ready', 'stopping', 'flushed'] });
});
