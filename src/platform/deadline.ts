/**
 * What `run` answers, unless the signal aborts first: then throws the signal's reason, whatever `run` does. Does not
 * call `run` when the signal has aborted already.
 */
export async function untilAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([run(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Runs with a deadline, in milliseconds, that holds whatever `run` does with its signal. Throws what `late` makes of the
 * delay. Unlike that of `AbortSignal.timeout`, its timer keeps the process alive.
 */
export async function withDeadline<T>(
  deadlineMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(late()), deadlineMs);
  try {
    return await untilAborted(deadline.signal, () => run(deadline.signal));
  } finally {
    clearTimeout(timer);
  }
}
