export interface BackOff {
  firstMs: number;
  factor: number;
  capMs: number;
}

/**
 * Milliseconds to wait after the `failures`th failure in a row: growing, at most `capMs`. Jitter takes up to a quarter
 * off, so that what failed together does not come back together, and a schedule still lasts about as long as it says.
 */
export function backOffMs(failures: number, { firstMs, factor, capMs }: BackOff, random = Math.random): number {
  const full = Math.min(capMs, firstMs * factor ** Math.max(0, failures - 1));
  return Math.ceil(full * (0.75 + random() / 4)); // whole: a timer would drop the rest, and come too early
}
