import { bulkhead } from 'cockatiel';
import { DependencyUnavailable } from './dependency-unavailable.ts';

interface FairShareOptions {
  dependency: string;
  /** Calls at once: half of what a source has in hand. */
  limit?: number;
  /** How long a call may wait for its turn while the dependency is quick, in milliseconds. */
  patienceMs?: number;
  slowMs?: number;
  /** The longest that a message is sent away for. */
  horizonMs?: number;
}

/** Runs within the share, or throws `DependencyUnavailable` with the time to come back. */
export type FairShare = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * A dependency that is slow or hangs would end up with everything that the service has in hand, and the others would
 * wait for it. What exceeds its share comes back at the pace at which it takes calls.
 */
export function createFairShare(options: FairShareOptions): FairShare {
  const { dependency, limit = 8, patienceMs = 250, slowMs = 1_000, horizonMs = 30_000 } = options;
  const share = bulkhead(limit, Number.POSITIVE_INFINITY);
  const running = new Set<{ since: number }>();
  let nextAt = 0;

  const oldestMs = () => {
    const [oldest] = running;
    return oldest ? Date.now() - oldest.since : 0;
  };

  function sendAway(): DependencyUnavailable {
    const horizon = Date.now() + horizonMs;
    nextAt = Math.min(horizon, Math.max(nextAt, Date.now() + patienceMs) + oldestMs() / limit);
    return new DependencyUnavailable(
      dependency,
      new Date(nextAt < horizon ? nextAt : horizon - (Math.random() * horizonMs) / 2),
    );
  }

  return async (run) => {
    if (share.executionSlots === 0 && oldestMs() >= slowMs) throw sendAway();
    const waiting = new AbortController();
    const turn = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      waiting.abort();
      turn.reject(sendAway());
    }, patienceMs);
    const done = share.execute(async () => {
      clearTimeout(timer);
      const call = { since: Date.now() };
      running.add(call);
      return run().finally(() => running.delete(call));
    }, waiting.signal);
    return Promise.race([done, turn.promise]);
  };
}
