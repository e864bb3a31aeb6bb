import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Usage } from './servers/application.ts';
import type { Subject } from './subjects.ts';

export interface RunningSubject {
  url: string;
  /** From the process's first instruction to listening, in milliseconds. */
  listeningAfterMs: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

const noCallsHome = {
  APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1',
};

/** Starts one subject as a process of its own. Throws with its output when it ends before it listens. */
export async function runSubject({ name, args, env }: Subject, sink: string): Promise<RunningSubject> {
  const [file = '', ...options] = args.toReversed();
  const child = fork(file, {
    execArgv: options.toReversed(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      ...noCallsHome,
      LOG_LEVEL: 'warning',
      SINK: sink,
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${sink}`,
      ...env,
    },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const { port, listeningAfterMs } = await answer<{ port: number; listeningAfterMs: number }>(child, () =>
    Promise.reject(new Error(`${name} did not start: ${complaint.trim()}`)),
  );
  return {
    url: `http://127.0.0.1:${port}/items/42`,
    listeningAfterMs,
    usage() {
      const usage = answer<Usage>(child, () => Promise.reject(new Error(`${name} ended: ${complaint.trim()}`)));
      child.send('usage');
      return usage;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answer<T>(child: ChildProcess, ended: () => Promise<never>): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as T),
      once(child, 'exit', { signal }).then(ended),
    ]);
  } finally {
    settled.abort();
  }
}
