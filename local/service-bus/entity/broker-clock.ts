/** Longest delay that `setTimeout` keeps; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Time as the engine sees it: milliseconds since 1970, and one call at or shortly after a given time. */
export interface Clock {
  now(): number;
  /** Calls `ring` at `time` or, for far-away times, earlier; answers how to take it back. */
  at(time: number, ring: () => void): () => void;
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, ring) {
    const timer = setTimeout(ring, Math.min(Math.max(time - Date.now(), 0), LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
