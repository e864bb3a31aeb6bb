import type { Ending, ServiceProcess } from './service-process.ts';

export interface Supervisor {
  /** Starts the service anew; also one that has ended. */
  restart(): void;
  /** Stops it for good. */
  stop(): Promise<void>;
  /** Ends it now, without grace. */
  kill(): void;
}

export interface Watcher {
  ready(): Promise<void>;
  /** It ended though nobody asked: before it was ready, or after. It is left alone until `restart`. */
  ended(ending: Ending, wasReady: boolean): Promise<void>;
}

/**
 * Keeps one service process. One that ends by itself is not started again: the same code would most likely end the same way,
 * and a loop hides the first error, which is the one to read. A change of its files starts it anew.
 */
export function superviseService({
  launch,
  waitUntilReady,
  watcher,
}: {
  launch: () => ServiceProcess;
  waitUntilReady: (signal: AbortSignal) => Promise<void>;
  watcher: Watcher;
}): Supervisor {
  let current: ServiceProcess | undefined;
  let stopping = false;
  /** Resolves when the process of this round has to go. */
  let asked = Promise.withResolvers<void>();

  const keepOne = async (service: ServiceProcess, leave: Promise<void>): Promise<void> => {
    const waiting = new AbortController();
    const ready = waitUntilReady(waiting.signal).then(() => 'ready' as const);
    ready.catch(() => undefined); // it fails only because we stop waiting
    const ended = service.ended.then((ending) => ({ ending }));
    const asking = leave.then(() => 'asked' as const);

    const first = await Promise.race([ready, ended, asking]);
    waiting.abort();
    if (first === 'ready') await watcher.ready();
    const last = first === 'ready' ? await Promise.race([ended, asking]) : first;
    if (typeof last === 'object') await watcher.ended(last.ending, first === 'ready');
    await leave;
    await service.stop();
  };

  const keep = async (): Promise<void> => {
    while (!stopping) {
      asked = Promise.withResolvers<void>();
      current = launch();
      await keepOne(current, asked.promise);
    }
  };
  const kept = keep();

  return {
    restart: () => asked.resolve(),
    stop() {
      stopping = true;
      asked.resolve();
      return kept;
    },
    kill: () => current?.kill(),
  };
}
