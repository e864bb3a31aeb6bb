export interface FairShare {
  /** Resolves with the function that ends the call, or with when to come back: milliseconds since 1970. */
  enter(): Promise<(() => void) | number>;
}

interface FairShareOptions {
  /** Whether there are others to work for; alone, it may have everything. */
  isShared(): boolean;
  /** Calls at once: half of what a source has in hand. */
  limit?: number;
  /** How long a call may wait for its turn while the dependency is quick, in milliseconds. */
  patienceMs?: number;
  slowMs?: number;
  /** The longest that a message is sent away for. */
  horizonMs?: number;
}

/**
 * A dependency that is slow or hangs would end up with everything that the service has in hand, and the others would
 * wait for it. What exceeds its share comes back at the pace at which it takes calls.
 */
export function createFairShare(options: FairShareOptions): FairShare {
  const { isShared, limit = 8, patienceMs = 250, slowMs = 1_000, horizonMs = 30_000 } = options;
  const running = new Set<{ since: number }>();
  const queue = new Set<() => void>();
  let nextAt = 0;

  const oldestMs = () => {
    const [oldest] = running;
    return oldest ? Date.now() - oldest.since : 0;
  };

  /** Answers whether the turn came. */
  const turn = () =>
    new Promise<boolean>((resolve) => {
      const proceed = () => {
        clearTimeout(timer);
        queue.delete(proceed);
        resolve(true);
      };
      const timer = setTimeout(() => {
        queue.delete(proceed);
        resolve(false);
      }, patienceMs);
      queue.add(proceed);
    });

  function comeBackAt(): number {
    const now = Date.now();
    nextAt = Math.max(nextAt, now + patienceMs) + oldestMs() / limit;
    if (nextAt <= now + horizonMs) return nextAt;
    nextAt = now + horizonMs;
    return now + (horizonMs / 2) * (1 + Math.random());
  }

  return {
    async enter() {
      while (isShared() && running.size >= limit) {
        if (oldestMs() >= slowMs || !(await turn())) return comeBackAt();
      }
      const call = { since: Date.now() };
      running.add(call);
      return () => {
        running.delete(call);
        const [next] = queue;
        next?.();
      };
    },
  };
}
