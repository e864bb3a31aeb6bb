/** Ctrl-C reaches the whole group, and npm may pass it on once more: within this time it is one wish. */
const SAME_WISH_MS = 1_000;
const PARENT_CHECK_MS = 250;

export interface EndWish {
  /** Resolves with the reason when this process has to end. */
  readonly first: Promise<string>;
  /** Resolves when somebody insists. */
  readonly second: Promise<void>;
}

/**
 * Listens for Ctrl-C, SIGTERM, a closed terminal, and the end of our own parent: npm does not pass SIGTERM on, it only goes.
 */
export function listenForTheEnd(host: NodeJS.Process = process): EndWish {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<void>();
  let askedAt: number | undefined;

  const ask = (reason: string) => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      first.resolve(reason);
    } else if (performance.now() - askedAt > SAME_WISH_MS) {
      second.resolve();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) host.on(signal, () => ask(signal));

  const parent = host.ppid;
  const timer = setInterval(() => {
    if (host.ppid === parent) return;
    clearInterval(timer);
    ask('the process that started it is gone');
  }, PARENT_CHECK_MS);
  timer.unref();
  return { first: first.promise, second: second.promise };
}
