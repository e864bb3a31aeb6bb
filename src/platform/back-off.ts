export interface BackOff {
  firstMs: number;
  factor: number;
  capMs: number;
}

/**
 * Milliseconds to wait after `failures` failures in a row: longer after each failure, at most `capMs`. Jitter shortens
 * the wait by up to a quarter, so that operations that failed together do not all start again at the same moment.
 */
export function backOffMs(failures: number, { firstMs, factor, capMs }: BackOff, random = Math.random): number {
  const full = Math.min(capMs, firstMs * factor ** Math.max(0, failures - 1));
  return Math.ceil(full * (0.75 + random() / 4)); // whole: a timer ignores the fraction and would fire too early
}
