import type { Logger } from './log.ts';
import { runThrough } from './run-through.ts';

/** Work that repeats: what a business names with `tools.every`. */
export interface Job {
  name: string;
  seconds: number;
}

/** Wraps each run of a job. `next` rejects with the error of the run, or with `JobMissed`. */
export type JobMiddleware = (job: Job, next: () => Promise<void>) => Promise<void>;

/** Declares a job. Throws when the name is taken or `seconds` is no time that a timer can wait. */
export type Every = (name: string, seconds: number, run: (signal: AbortSignal) => Promise<void>) => void;

/** A run did not begin, because the run before it has not ended. */
export class JobMissed extends Error {
  override name = 'JobMissed';
}

const longestSeconds = 2_147_483; // a timer of Node holds 31 bits of milliseconds

/**
 * Runs the jobs of the businesses until `stop`. A job has one run at a time; a run that fails or is missed is logged, and
 * the next one begins at its time.
 */
export function createJobs(middlewares: readonly JobMiddleware[], log: Logger) {
  const ending = new AbortController();
  const running = new Map<string, Promise<void> | undefined>();

  const every: Every = (name, seconds, start) => {
    if (running.has(name)) throw new Error(`The job "${name}" is declared twice: rename one of them.`);
    if (!(seconds >= 1 && seconds <= longestSeconds))
      throw new Error(`The job "${name}" cannot run every ${seconds} seconds: choose 1 to ${longestSeconds}.`);
    running.set(name, undefined);
    const begin = async () => {
      if (running.get(name) !== undefined) throw new JobMissed('The run before it has not ended.');
      const run = start(ending.signal).finally(() => running.set(name, undefined));
      running.set(name, run);
      await run;
    };
    const failed = (error: unknown) => log.error('a run of a job failed', { job: name, error });
    const timer = setInterval(() => runThrough(middlewares, { name, seconds }, begin).catch(failed), seconds * 1_000);
    ending.signal.addEventListener('abort', () => clearInterval(timer));
  };

  return {
    every,
    /** Begins no run any more and aborts the signal of the businesses. Resolves when the last run has ended. */
    async stop(): Promise<void> {
      ending.abort();
      await Promise.allSettled(running.values());
    },
    signal: ending.signal,
  };
}
