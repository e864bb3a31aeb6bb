import { createSecurityCounts } from '../../../src/observability/modules/security-events/security-counts.ts';
import type { ComparedRows } from '../rows/compare-rows.ts';
import { methodsOfRoutes } from './client-headers.ts';
import type { IdsOfService } from './ids-of-service.ts';
import type { LastCall } from './last-calls.ts';

/** What the aggregator made of one hour, with numbers for hashes. */
export interface HourRow {
  readonly event: 'caller-seen' | 'traffic-shape';
  readonly fingerprint: number;
  /** Of `caller-seen`. */
  readonly caller: number | undefined;
  /** The place of the route; undefined for `caller-seen`. */
  readonly route: number | undefined;
  readonly calls: number;
  readonly callers: number;
}

/** A row as the store or the aggregator has it. */
type Columns = Readonly<Record<string, unknown>>;

const unknown = -1;

/** Rows of the service in numbers; of other events there are none. */
export function hourRows(rows: readonly Columns[], ids: IdsOfService): HourRow[] {
  return rows.flatMap(({ Event, Fingerprint, Caller, Route, Calls, Callers }) => {
    if (Event !== 'caller-seen' && Event !== 'traffic-shape') return [];
    const isShape = Event === 'traffic-shape';
    const method = String(Route ?? '').split(' ')[0] as (typeof methodsOfRoutes)[number];
    return {
      event: Event,
      fingerprint: ids.fingerprint(String(Fingerprint)) ?? unknown,
      caller: isShape ? undefined : (ids.caller(String(Caller)) ?? unknown),
      route: isShape ? methodsOfRoutes.indexOf(method) : undefined,
      calls: Number(Calls),
      callers: isShape ? Number(Callers) : 0,
    };
  });
}

/** The rows that the aggregator by itself makes of calls in one hour. */
export function expectedRows(calls: readonly LastCall[]): HourRow[] {
  const counts = createSecurityCounts();
  for (const { account, fingerprint, route } of calls)
    counts.request({
      ...{ at: 0, status: 404, bytes: 0, Reason: '', Client: '' },
      ...{ Route: methodsOfRoutes[route] ?? '', Fingerprint: String(fingerprint), Caller: String(account) },
    });
  const same: IdsOfService = { fingerprint: Number, caller: Number };
  return hourRows(counts.take(0, true), same);
}

/** How many rows one has and the other has not; order does not count. */
export function compareHours(expected: readonly HourRow[], found: readonly HourRow[]): ComparedRows {
  const counts = new Map<string, number>();
  for (const row of expected) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
  for (const row of found) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) - 1);
  return { rows: found.length, different: [...counts.values()].reduce((sum, each) => sum + Math.abs(each), 0) };
}
