/** What to do with a failure that was seen: show it with everything, show its line alone, or nothing: it is counted. */
export type Showing = 'first' | 'again' | 'counted';

export interface Repetitions<Seen> {
  see(key: string, seen: Seen): Showing;
  /** Reports what was counted and not told yet, and forgets everything: another process begins. */
  end(): void;
}

interface Failure<Seen> {
  latest: Seen;
  counted: number;
  windowMs: number;
  timer: NodeJS.Timeout | undefined;
}

const FIRST_WINDOW_MS = 2_000;
const LONGEST_WINDOW_MS = 60_000;
/** More different failures than these are no repetitions. */
const mostKnown = 500;

/**
 * Tells the same failure once with a count. What comes again shortly after is counted and told when the time is over; while
 * it goes on coming, at intervals that double up to a minute.
 */
export function countRepetitions<Seen>(told: (latest: Seen, count: number) => void): Repetitions<Seen> {
  const failures = new Map<string, Failure<Seen>>();

  const wait = (failure: Failure<Seen>) => {
    failure.timer = setTimeout(() => {
      failure.timer = undefined;
      if (failure.counted === 0) {
        failure.windowMs = FIRST_WINDOW_MS;
        return;
      }
      tell(failure);
      failure.windowMs = Math.min(failure.windowMs * 2, LONGEST_WINDOW_MS);
      wait(failure);
    }, failure.windowMs);
    failure.timer.unref();
  };
  const tell = (failure: Failure<Seen>) => {
    if (failure.counted > 0) told(failure.latest, failure.counted);
    failure.counted = 0;
  };
  const forget = (key: string, failure: Failure<Seen>) => {
    clearTimeout(failure.timer);
    tell(failure);
    failures.delete(key);
  };

  return {
    see(key, latest) {
      const known = failures.get(key);
      if (known) known.latest = latest;
      if (known?.timer) {
        known.counted++;
        return 'counted';
      }
      const [oldest] = failures;
      if (!known && oldest && failures.size >= mostKnown) forget(...oldest);
      const failure = known ?? { latest, counted: 0, windowMs: FIRST_WINDOW_MS, timer: undefined };
      failures.set(key, failure);
      wait(failure);
      return known ? 'again' : 'first';
    },
    end() {
      for (const [key, failure] of failures) forget(key, failure);
    },
  };
}
