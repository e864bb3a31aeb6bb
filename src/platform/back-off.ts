export interface BackOff {
  firstMs: number;
  factor: number;
  capMs: number;
}

/**
 * Milliseconds to wait after the `failures`th failure in a row: growing, at most `capMs`, with "equal jitter" (half
 * fixed, half random: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015), so that what failed
 * together does not come back together.
 */
export function backOffMs(failures: number, { firstMs, factor, capMs }: BackOff, random = Math.random): number {
  const full = Math.min(capMs, firstMs * factor ** Math.max(0, failures - 1));
  return full / 2 + (random() * full) / 2;
}
