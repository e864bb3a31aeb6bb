import { createBoundedCounts, other } from './bounded-counts.ts';
import type { EventFacts, EventRow, Refusal } from './security-row.ts';

const hourMs = 3_600_000;

/** A request that was answered at `at` (milliseconds since 1970). Without a token `Caller` and `Client` are empty. */
export interface AnsweredRequest extends Record<'Route' | 'Fingerprint' | 'Caller' | 'Client' | 'Reason', string> {
  at: number;
  status: number;
  bytes: number;
}

const refusals: Readonly<Record<number, Refusal>> = {
  401: 'authentication-failed',
  403: 'authorization-refused',
  429: 'rate-limited',
};

/**
 * Makes rows: of refusals, of callers that are new today (UTC) and of what is noted whenever it is asked, and of the shape
 * of the traffic once an hour. Everything is bounded, see `createBoundedCounts`. Time is what the requests and `take` say.
 */
export function createSecurityCounts(limits: Parameters<typeof createBoundedCounts>[0] = {}, mostSeen = 100_000) {
  const create = (own: typeof limits) => ({ recent: createBoundedCounts(own), shapes: createBoundedCounts(own) });
  const callers = create(limits);
  // Without a token a request can have any fingerprint. Fewer are told apart: they cost little, and take no room of a caller.
  const strangers = create({ mostRows: 1_000, ...limits });
  const seen = new Set<string>();
  const closed: EventRow[] = [];
  let hour = 0;

  /** Closes the hour when it has ended, or with `end`. Its rows have its last moment, so that they belong to it. */
  function moveTo(at: number, end = false): void {
    const now = Math.floor(at / hourMs);
    const time = new Date(Math.min(at, (hour + 1) * hourMs - 1)).toISOString();
    if (now > hour || end) closed.push(...callers.shapes.take(time), ...strangers.shapes.take(time));
    if (Math.floor(now / 24) > Math.floor(hour / 24)) seen.clear();
    hour = Math.max(hour, now);
  }

  /** Notes what has not been noted today; `id` says what is the same. */
  function noteOnce(id: string, facts: EventFacts): void {
    if (seen.has(id)) return;
    if (seen.size < mostSeen) seen.add(id);
    callers.recent.add(seen.has(id) ? facts : { Event: facts.Event, Fingerprint: other });
  }

  return {
    note: (facts: EventFacts): void => callers.recent.add(facts),
    noteOnce,
    request({ at, status, bytes, ...facts }: AnsweredRequest): void {
      const { Route, Fingerprint, Caller, Client } = facts;
      const { recent, shapes } = Caller ? callers : strangers;
      const Event = refusals[status];
      moveTo(at);
      shapes.add({ Event: 'traffic-shape', Route, Fingerprint }, bytes, Caller);
      if (Event) recent.add({ Event, ...facts }, bytes, Caller);
      if (Caller) noteOnce(`${Caller} ${Fingerprint}`, { Event: 'caller-seen', Fingerprint, Caller, Client });
    },
    /** The rows that are complete at `at`; with `end` also those of the hour that has not ended. */
    take(at: number, end = false): EventRow[] {
      moveTo(at, end);
      const time = new Date(at).toISOString();
      return [...callers.recent.take(time), ...strangers.recent.take(time), ...closed.splice(0)];
    },
  };
}
