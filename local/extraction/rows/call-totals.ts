import type { TrafficSink } from '../world/traffic.ts';

/** Calls on the busiest day. */
type Busiest = Map<number, number>;

export interface CallTotals {
  /** By account that called at all. */
  readonly accounts: Busiest;
  /** By fingerprint. */
  readonly fingerprints: Busiest;
  /** The fingerprints with which an account was seen, by account. */
  readonly seenWith: Map<number, number[]>;
}

/**
 * What is known of calls without any row: whose they are, and how many on the busiest day. A threshold on rates is given these, more
 * than the table holds.
 */
export function countCalls(): TrafficSink & CallTotals & { calls(): number } {
  let all = 0;
  const accounts: Busiest = new Map();
  const fingerprints: Busiest = new Map();
  const seenWith = new Map<number, number[]>();
  const today = { accounts: new Map<number, number>(), fingerprints: new Map<number, number>() };
  const add = (counts: Map<number, number>, key: number, calls: number) =>
    counts.set(key, (counts.get(key) ?? 0) + calls);
  const endDay = (counts: Map<number, number>, busiest: Busiest) => {
    for (const [key, calls] of counts) if (calls > (busiest.get(key) ?? 0)) busiest.set(key, calls);
    counts.clear();
  };
  return {
    ...{ accounts, fingerprints, seenWith },
    calls: () => all,
    called({ account, fingerprint, calls }) {
      all += calls;
      add(today.accounts, account.id, calls);
      add(today.fingerprints, fingerprint, calls);
      const known = seenWith.get(account.id);
      if (!known) seenWith.set(account.id, [fingerprint]);
      else if (!known.includes(fingerprint)) known.push(fingerprint);
    },
    refused: () => undefined,
    hourEnds(hour) {
      if (hour % 24 !== 23) return;
      endDay(today.accounts, accounts);
      endDay(today.fingerprints, fingerprints);
    },
  };
}

/** Hands traffic to several. */
export const toAll = (sinks: readonly TrafficSink[]): TrafficSink => ({
  called: (calls) => {
    for (const sink of sinks) sink.called(calls);
  },
  refused: (calls) => {
    for (const sink of sinks) sink.refused(calls);
  },
  hourEnds: (hour) => {
    for (const sink of sinks) sink.hourEnds(hour);
  },
});
