import type { Clock } from './broker-clock.ts';
import { createHeap } from './heap.ts';

/** Entries below which nothing is tidied up: a heap this small costs nobody anything. */
const TIDY_FROM = 1024;

interface Deadline {
  at: number;
  sequence: number;
}

export interface Deadlines {
  /** Remembers that something is due for this message at this time (milliseconds since 1970). */
  add(at: number, sequence: number): void;
  /** Handles everything that is due by now, whether or not a timer has rung yet. */
  sweep(): void;
  stop(): void;
}

export interface DeadlinesOptions {
  clock: Clock;
  /** Whether the message still has this deadline; a settled or renewed one has not. */
  isLive(sequence: number, at: number): boolean;
  onDue(sequence: number): void;
}

/**
 * Lock ends, expiries and due times of one queue behind a single timer. Nothing is taken out when a message goes:
 * an entry that is no longer live is skipped when its time comes, and thrown away in bulk when they pile up.
 */
export function createDeadlines({ clock, isLive, onDue }: DeadlinesOptions): Deadlines {
  const heap = createHeap<Deadline>((a, b) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence));
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm = (): void => {};
  let tidyAt = TIDY_FROM;
  let stopped = false;

  const arm = (): void => {
    const next = heap.peek();
    if (stopped || next === undefined || next.at >= armedFor) return;
    disarm();
    armedFor = next.at;
    disarm = clock.at(next.at, () => {
      armedFor = Number.POSITIVE_INFINITY;
      sweep();
      arm();
    });
  };

  const sweep = (): void => {
    for (let next = heap.peek(); next !== undefined && next.at <= clock.now(); next = heap.peek()) {
      heap.pop();
      if (isLive(next.sequence, next.at)) onDue(next.sequence);
    }
  };

  return {
    add(at, sequence) {
      if (at === Number.POSITIVE_INFINITY) return;
      heap.push({ at, sequence });
      if (heap.size > tidyAt) {
        heap.retain((deadline) => isLive(deadline.sequence, deadline.at));
        tidyAt = Math.max(TIDY_FROM, 2 * heap.size);
      }
      arm();
    },
    sweep,
    stop() {
      stopped = true;
      disarm();
    },
  };
}
