import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { HealthReport } from './health.ts';
import type { Logger } from './log.ts';
import { runSteps, type Step } from './shutdown.ts';

export interface Lifecycle {
  state(): HealthReport['state'];
  /** `stop` undoes what was just started: the last added runs first, so telemetry is added first and receivers last. */
  add(name: string, stop: Step['stop'], options?: { reserveMs?: number }): void;
  /** Runs the start-up and is ready when it resolves. If it throws: logged, what was added is stopped, exit 1. */
  start(run: () => Promise<void>): Promise<void>;
  /** Resolves after `exit` was called. A second call joins the first; the higher exit code wins. */
  stop(why: string, options?: { exitCode?: number; withinMs?: number }): Promise<void>;
}

/** The part of `process` that tells when to stop. `connected` is undefined without a channel to a parent. */
export type ProcessEvents = EventEmitter & { connected?: boolean | undefined };

/** After a crash nothing is worth waiting for but giving back the messages and the last telemetry. */
const crashGraceMs = 5_000;
/** Ctrl-C reaches a whole process group, and npm may pass on what was already received: that is one signal, not two. */
const sameSignalMs = 1_000;

interface LifecycleOptions {
  graceMs: number;
  log: Logger;
  process?: ProcessEvents;
  exit?: (code: number) => void;
}

/**
 * From the start to a bounded end: SIGTERM, SIGINT or a parent that is gone stop in `graceMs` with exit 0; an uncaught
 * exception or unhandled rejection is logged and stops with exit 1; a second signal exits at once.
 */
export function createLifecycle({
  graceMs,
  log,
  process: host = process,
  exit = (code) => process.exit(code),
}: LifecycleOptions): Lifecycle {
  const steps: Step[] = [];
  let state: HealthReport['state'] = 'starting';
  let stopped: Promise<void> | undefined;
  let exitCode = 0;

  const stop: Lifecycle['stop'] = (why, { exitCode: code = 0, withinMs = graceMs } = {}) => {
    exitCode = Math.max(exitCode, code);
    state = 'stopping';
    // Not before `stopped` is set: a step may itself be what calls `stop` again.
    stopped ??= Promise.resolve().then(() => shutDown(why, withinMs));
    return stopped;
  };

  async function shutDown(why: string, withinMs: number): Promise<void> {
    try {
      log.info('stopping', { why, withinMs });
      await runSteps(steps, { graceMs: withinMs, log });
    } finally {
      exit(exitCode);
    }
  }

  stopWhenTold(stop, { graceMs, log, process: host, exit });
  return {
    state: () => state,
    add(name, stopStep, { reserveMs = 500 } = {}) {
      steps.push({ name, stop: stopStep, reserveMs });
    },
    async start(run) {
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

function stopWhenTold(
  stop: Lifecycle['stop'],
  { graceMs, log, process: host, exit }: Required<LifecycleOptions>,
): void {
  let askedAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (askedAt !== undefined && performance.now() - askedAt > sameSignalMs) {
      log.warning('a second signal: exit at once', { signal });
      exit(128 + constants.signals[signal]);
    }
    askedAt ??= performance.now();
    void stop(signal);
  };
  const onDisconnect = () => {
    askedAt ??= performance.now();
    void stop('the parent process is gone');
  };
  const onCrash = (message: string) => (error: unknown) => {
    log.error(message, { error });
    void stop(message, { exitCode: 1, withinMs: Math.min(graceMs, crashGraceMs) });
  };

  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);
  host.on('uncaughtException', onCrash('uncaught exception'));
  host.on('unhandledRejection', onCrash('unhandled rejection'));
  if (host.connected === false) setImmediate(onDisconnect);
  else if (host.connected === true) host.once('disconnect', onDisconnect);
}
