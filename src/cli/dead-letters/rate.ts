import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when it is the caller's turn: `perSecond` turns a second, evenly spread. Without a rate, at once. */
export function createRate(perSecond: number | undefined): () => Promise<void> {
  if (perSecond === undefined) return async () => {};
  let nextAt = performance.now();
  return async () => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / perSecond;
    await sleep(at - now);
  };
}
