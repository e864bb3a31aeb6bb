import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { onTestFinished, vi } from 'vitest';
import { copyWithout, expectToPass, run } from '../removal/removal.fixture.ts';

/** A copy of this checkout, as a person clones it, that is gone after the test. */
export async function newProject(): Promise<string> {
  const root = await copyWithout();
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  return root;
}

/** Runs `npm run init` and answers its one object. */
export async function init(root: string, ...args: string[]) {
  const { stdout } = await run(process.execPath, ['operator/init.ts', ...args, '--json'], {
    cwd: root,
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as { name: string; written: string[]; changed: string[]; removed: string[] };
}

/** A line as a person types it: `npm run check`. */
export const typed = (root: string, line: string, env?: NodeJS.ProcessEnv) => {
  const [command = '', ...args] = line.split(' ');
  return expectToPass(root, command, args, env);
};

/** Runs `npm start`, `use` while it is ready, and stops it. */
export async function whileStarted(root: string, use: () => Promise<void>): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, ['local/cli/start.ts'], {
    cwd: root,
    env: { ...process.env, CI: '1', VITEST: undefined, NODE_ENV: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  try {
    await vi.waitFor(
      () => {
        if (!said.includes('The service is ready')) throw new Error(said);
      },
      { timeout: 45_000, interval: 50 },
    );
    await use();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
