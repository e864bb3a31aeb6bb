/**
 * Returns what `run` returns. If the signal aborts first, throws the signal's reason and does not wait for `run`. If
 * the signal has already aborted, `run` is not called.
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
 * Calls `run` with a deadline in milliseconds. At the deadline the signal aborts and the error of `late` is thrown,
 * even if `run` ignores the signal. The timer keeps the process alive, unlike the timer of `AbortSignal.timeout`.
 */
export async function withDeadline<T>(
  deadlineMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(late()), deadlineMs);
  return untilAborted(deadline.signal, () => run(deadline.signal)).finally(() => clearTimeout(timer));
}
