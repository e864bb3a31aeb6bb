import type { EventFacts, EventRow } from './security-row.ts';

/** The fingerprint of the rows that count what could not be told apart. */
export const other = 'other';

/**
 * Counts events by their facts: `mostRows` rows, and `mostCallers` distinct callers in all of them together. Beyond that
 * every further one counts in one row an event, with the fingerprint `other`.
 */
export function createBoundedCounts({ mostRows = 10_000, mostCallers = 100_000 } = {}) {
  const counts = new Map<string, { facts: EventFacts; Calls: number; Bytes: number; callers: Set<string> }>();
  let callersHeld = 0;

  function countOf(facts: EventFacts) {
    const key = JSON.stringify(facts);
    const count = counts.get(key) ?? { facts, Calls: 0, Bytes: 0, callers: new Set() };
    counts.set(key, count);
    return count;
  }

  return {
    add(facts: EventFacts, bytes = 0, caller = ''): void {
      const known = counts.get(JSON.stringify(facts));
      const isNewCaller = caller !== '' && !known?.callers.has(caller);
      const isFull = (!known && counts.size >= mostRows) || (isNewCaller && callersHeld >= mostCallers);
      const count = isFull ? countOf({ Event: facts.Event, Fingerprint: other }) : (known ?? countOf(facts));
      count.Calls += 1;
      count.Bytes += bytes;
      if (isFull || !isNewCaller) return;
      count.callers.add(caller);
      callersHeld += 1;
    },
    /** The rows of what was counted since the last call. */
    take(TimeGenerated: string): EventRow[] {
      const rows = [...counts.values()].map(({ facts, callers, ...sums }) => {
        return { ...facts, ...sums, TimeGenerated, Callers: callers.size };
      });
      counts.clear();
      callersHeld = 0;
      return rows;
    },
  };
}
