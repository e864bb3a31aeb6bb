import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { OutputStream } from './container-logs.ts';

/** For the last words, when something that the service started holds its output open. */
const LAST_WORDS_MS = 500;
/** Beyond the service's own grace period. */
const PATIENCE_MS = 3_000;
const isWindows = process.platform === 'win32';

export interface Command {
  command: string;
  args: readonly string[];
}

/** The service of a checkout, started in its folder as in production. */
export const production: Command = {
  command: process.execPath,
  args: ['--import', './src/preload.ts', 'src/main.ts'],
};

/** How a process ended: `exit code 1`, `signal SIGKILL`, or why it could not begin. */
export type Ending = string;

export interface ServiceProcess {
  /** Undefined when it could not begin. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  /** Asks once, waits for the service's own grace period, and ends what is left by force. */
  stop(): Promise<void>;
  /** Ends it and everything that it started, now. */
  kill(): void;
}

/**
 * Starts the service in a process group of its own, so that Ctrl-C reaches only us and the service is told once. The channel
 * is there to be closed: the service ends when it does, which happens even when we are killed.
 */
export function startServiceProcess({
  command: { command, args },
  cwd,
  env,
  graceMs,
  output,
}: {
  command: Command;
  cwd: string;
  env: Record<string, string>;
  /** What the service grants its last work. */
  graceMs: number;
  /** Gets what it writes. */
  output: (chunk: Buffer, stream: OutputStream) => void;
}): ServiceProcess {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: !isWindows, // on Windows that would open a window, and groups do not share Ctrl-C as here
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said = Promise.all(
    (['stdout', 'stderr'] as const).map((stream) => {
      child[stream]?.on('data', (chunk: Buffer) => output(chunk, stream));
      return child[stream] && once(child[stream], 'close').catch(() => undefined);
    }),
  );
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  const ended = exited.then(async (ending) => {
    await Promise.race([said, setTimeout(LAST_WORDS_MS)]);
    return ending;
  });
  const kill = () => killGroup(child);
  let stopping: Promise<void> | undefined;

  const stop = async () => {
    if (hasEnded(child)) return;
    const timer = globalThis.setTimeout(kill, graceMs + PATIENCE_MS);
    // Windows knows no SIGTERM: there it would be the end, without a grace period.
    if (isWindows) child.disconnect();
    else child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  };
  return {
    pid: child.pid,
    ended,
    stop: () => (stopping ??= stop()),
    kill,
  };
}

const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess) =>
  pid === undefined || exitCode !== null || signalCode !== null;

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || hasEnded(child)) return;
  if (isWindows) child.kill('SIGKILL');
  else process.kill(-child.pid, 'SIGKILL');
}
