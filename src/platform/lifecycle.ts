import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { HealthReport } from './health.ts';
import type { Logger } from './log.ts';
import { runSteps, type Step } from './shutdown.ts';

/** The part of Node's `process` that the lifecycle uses. `connected` is undefined without a channel to a parent process. */
export type Host = EventEmitter & { connected?: boolean | undefined; exit(code: number): void };

/** The grace period after a crash: long enough to abandon the messages and to send the last telemetry. */
const crashGraceMs = 5_000;
/** Signals within this time count as one: Ctrl-C reaches the whole process group, and npm may send it once more. */
const sameSignalMs = 1_000;

interface LifecycleOptions {
  graceMs: number;
  log: Logger;
  process?: Host;
}

type Stop = (why: string, options?: { exitCode?: number; withinMs?: number }) => Promise<void>;

/**
 * Starts and stops the process. SIGTERM, SIGINT or the end of the parent process stops it within `graceMs`
 * milliseconds, with exit code 0. An uncaught exception or unhandled rejection is logged and stops it with exit code 1.
 * A second signal exits at once.
 */
export function createLifecycle({ graceMs, log, process: host = process }: LifecycleOptions) {
  const steps: Step[] = [];
  let state: HealthReport['state'] = 'starting';
  let stopped: Promise<void> | undefined;
  let exitCode = 0;

  /** Runs the steps, then calls `exit`. A second call waits for the first; the higher of the exit codes counts. */
  const stop: Stop = (why, { exitCode: code = 0, withinMs = graceMs } = {}) => {
    exitCode = Math.max(exitCode, code);
    state = 'stopping';
    // Starts only after `stopped` is set, because a step may call `stop` again.
    stopped ??= Promise.resolve()
      .then(() => log.info('stopping', { why, withinMs }))
      .then(() => runSteps(steps, { graceMs: withinMs, log }))
      .finally(() => host.exit(exitCode));
    return stopped;
  };

  stopWhenTold(stop, { graceMs, log, process: host });
  return {
    state: () => state,
    /** Adds a step of the shutdown. The last added step runs first: add telemetry first and receivers last. */
    add(name: string, stopStep: Step['stop'], { reserveMs = 500 } = {}): void {
      steps.push({ name, stop: stopStep, reserveMs });
    },
    /**
     * Runs the start-up; then the state is `ready`. If it throws, logs the error, runs the added steps and exits with 1.
     */
    async start(run: () => Promise<void>): Promise<void> {
      try {
        await run();
        if (state === 'starting') state = 'ready';
      } catch (error) {
        if (stopped === undefined) log.error('the service could not start', { error });
        else log.warning('the start was interrupted', { error });
        await (stopped ?? stop('the service could not start', { exitCode: 1 }));
      }
    },
    stop,
  };
}

function stopWhenTold(stop: Stop, { graceMs, log, process: host }: Required<LifecycleOptions>): void {
  let askedAt = Number.POSITIVE_INFINITY;
  const stopFor = (why: string) => {
    askedAt = Math.min(askedAt, performance.now());
    void stop(why);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (performance.now() - askedAt > sameSignalMs) {
      log.warning('a second signal: exit at once', { signal });
      host.exit(128 + constants.signals[signal]);
    }
    stopFor(signal);
  };
  const onCrash = (message: string) => (error: unknown) => {
    log.error(message, { error });
    void stop(message, { exitCode: 1, withinMs: Math.min(graceMs, crashGraceMs) });
  };
  const onDisconnect = () => stopFor('the parent process is gone');

  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);
  host.on('uncaughtException', onCrash('uncaught exception'));
  host.on('unhandledRejection', onCrash('unhandled rejection'));
  if (host.connected === false) setImmediate(onDisconnect);
  else if (host.connected === true) host.once('disconnect', onDisconnect);
}
