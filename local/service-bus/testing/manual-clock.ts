import type { Clock } from '../entity/broker-clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass, ringing what falls due on the way in its order. */
  advance(ms: number): void;
  /** How many calls are waiting for their time. */
  readonly waiting: number;
}

/** A clock that stands still until it is told otherwise. */
export function createManualClock(start = Date.now()): ManualClock {
  let now = start;
  const alarms = new Set<{ time: number; ring: () => void }>();

  return {
    now: () => now,
    get waiting() {
      return alarms.size;
    },
    at(time, ring) {
      const alarm = { time, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...alarms].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0];
        if (!due) break;
        alarms.delete(due);
        now = Math.max(now, due.time);
        due.ring();
      }
      now = end;
    },
  };
}
