import { setTimeout } from 'node:timers/promises';
import type { LedgerLine } from '../../control/index.ts';
import type { DeadLetters } from './dead-lettered-ids.ts';
import type { Tally } from './tally.ts';

const SHORTEST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 5_000;

export interface Settlement {
  /** Looks once where the waiting requests have come to. */
  look(signal: AbortSignal): Promise<void>;
  /** Looks again and again, at a pace that costs at most a quarter of the time, until `done` holds or, after `signal`, once more. */
  watch(signal: AbortSignal, done: () => boolean): Promise<void>;
}

/**
 * Finds the end of every accepted request: delivered, when a destination's own ledger holds its id (with the same SHA-256
 * where the business says that the content stays the same), or dead-lettered. The dead letters are read first and the ledger after them, so that a request that is in both (delivered, then
 * not settled) counts as delivered. Throws when the ledger cannot be asked; a broker that is away only hides its letters.
 */
export function createSettlement({
  tally,
  ledger,
  deadLetters,
  chunk,
}: {
  tally: Tally;
  ledger: (keys: readonly string[]) => Promise<readonly LedgerLine[]>;
  deadLetters: Pick<DeadLetters, 'ids'>;
  /** Keys to ask the ledger for at a time. */
  chunk: number;
}): Settlement {
  const lettersOfOurs = async (signal: AbortSignal): Promise<string[]> => {
    const found: string[] = [];
    try {
      for await (const id of deadLetters.ids(signal)) if (tally.waiting.has(id)) found.push(id);
    } catch {
      // The broker is away or the time is over: what was found so far holds, the next look finds the rest.
    }
    return found;
  };

  const look = async (signal: AbortSignal): Promise<void> => {
    if (tally.waiting.size === 0) return;
    const letters = await lettersOfOurs(signal);
    const ids = [...tally.waiting.keys()];
    for (let from = 0; from < ids.length; from += chunk) {
      for (const { key, sha256, destination, deliveries } of await ledger(ids.slice(from, from + chunk))) {
        const expected = tally.waiting.get(key);
        if (expected === undefined || expected === sha256) tally.delivered(key, destination, deliveries);
      }
    }
    letters.forEach(tally.deadLettered);
  };

  return {
    look,
    async watch(signal, done) {
      while (!done()) {
        const isLast = signal.aborted;
        const startedAt = performance.now();
        await look(isLast ? AbortSignal.timeout(LONGEST_WAIT_MS) : signal);
        if (isLast || done()) return;
        const waitMs = Math.min(Math.max((performance.now() - startedAt) * 3, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
        await setTimeout(waitMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
