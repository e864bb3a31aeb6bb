import type { Clock } from './broker-clock.ts';

export interface DuplicateHistory {
  /** The number under which this id was first accepted inside the window, or `undefined`. */
  find(messageId: string): number | undefined;
  remember(messageId: string, sequenceNumber: number): void;
  clear(): void;
}

export interface DuplicateHistoryOptions {
  clock: Clock;
  /** Length of the window; 0 switches duplicate detection off. */
  windowMs: number;
}

/**
 * Which message ids were accepted inside the window. The window runs from the first acceptance; a duplicate does not
 * lengthen it.
 */
export function createDuplicateHistory({ clock, windowMs }: DuplicateHistoryOptions): DuplicateHistory {
  const seen = new Map<string, { at: number; sequenceNumber: number }>();

  const forgetOld = (): void => {
    const oldest = clock.now() - windowMs;
    for (const [id, { at }] of seen) {
      if (at > oldest) return;
      seen.delete(id);
    }
  };

  return {
    find(messageId) {
      forgetOld();
      return seen.get(messageId)?.sequenceNumber;
    },
    remember(messageId, sequenceNumber) {
      if (windowMs > 0) seen.set(messageId, { at: clock.now(), sequenceNumber });
    },
    clear: () => seen.clear(),
  };
}
