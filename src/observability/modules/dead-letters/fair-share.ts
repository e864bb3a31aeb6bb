import { AsyncLocalStorage } from 'node:async_hooks';
import { bulkhead } from 'cockatiel';
import { untilAborted } from '../../../platform/deadline.ts';
import { DependencyUnavailable } from './failure-table.ts';

/** Milliseconds that a call may wait for its turn while the dependency is quick: while no call takes `slowMs`. */
const patienceMs = 250;
const slowMs = 1_000;
/** The longest time that a message is put aside for, in milliseconds. */
const horizonMs = 30_000;

/**
 * Limits the calls that one dependency gets at the same time to `limit`, half of the messages that a source handles at
 * once. Otherwise a dependency that is slow or hangs would occupy all handlers, and messages for other dependencies
 * would wait. A message above the limit is put aside, and returns at the rate at which the dependency takes calls.
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
    const timer = setTimeout(() => waiting.abort(sendAway()), patienceMs);
    // cockatiel (4.0.0) starts a call that has waited in the async context of the call that has ended: without `bind` its
    // span would belong to the other message.
    const inTurn = AsyncLocalStorage.bind(async () => {
      clearTimeout(timer);
      const call = { since: Date.now() };
      running.add(call);
      return run().finally(() => running.delete(call));
    });
    return untilAborted(waiting.signal, () => share.execute(inTurn, waiting.signal));
  };
}
