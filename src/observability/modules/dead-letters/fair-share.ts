import { bulkhead } from 'cockatiel';
import { DependencyUnavailable } from './dependency-unavailable.ts';

/** How long a call may wait for its turn while the dependency is quick: while no call takes `slowMs`. */
const patienceMs = 250;
const slowMs = 1_000;
/** The longest that a message is sent away for. */
const horizonMs = 30_000;

export type FairShare = ReturnType<typeof createFairShare>;

/**
 * A dependency that is slow or hangs would end up with everything that the service has in hand, and the others would
 * wait for it. What exceeds its share of calls at
 * once (half of what a source has in hand) comes back at the pace at which it takes calls.
 */
export function createFairShare(dependency: string, limit = 8) {
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

  /** Runs within the share, or throws `DependencyUnavailable` with the time to come back. */
  return async <T>(run: () => Promise<T>): Promise<T> => {
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
