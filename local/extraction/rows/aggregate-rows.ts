import { processes, routes } from '../world/account.ts';
import type { TrafficSink } from '../world/traffic.ts';
import { createRowColumns, eventOf, otherFingerprint, type RowColumns } from './row-columns.ts';

/** Keys of one hour and process beyond which all goes to one. */
export const usualBound = 10_000;

interface Shape {
  calls: number;
  callers: number;
  bytes: number;
}

/**
 * Makes of traffic the rows that the aggregator of the service makes of the same calls, without a process for each: a test holds the
 * two against each other.
 */
export function aggregateRows({ bound = usualBound }: { bound?: number } = {}): TrafficSink & { rows: RowColumns } {
  const rows = createRowColumns();
  const shapes = Array.from({ length: processes }, () => new Map<number, Shape>());
  const seen = Array.from({ length: processes }, () => new Set<number>());
  let day = -1;

  return {
    rows,
    called({ account, fingerprint, hour, process, route, calls, bytes, minute }) {
      if (Math.floor(hour / 24) !== day) {
        day = Math.floor(hour / 24);
        for (const each of seen) each.clear();
      }
      const caller = fingerprint * 100_000 + account.id;
      const callers = seen[process];
      if (callers && !callers.has(caller)) {
        callers.add(caller);
        rows.add(eventOf.callerSeen, hour * 60 + minute + 1, process, -1, fingerprint, account.id, 1, 1, 0);
      }
      const own = shapes[process];
      if (!own) return;
      const wanted = fingerprint * routes.length + route;
      const key = own.size < bound || own.has(wanted) ? wanted : otherFingerprint * routes.length + route;
      const shape = own.get(key);
      if (shape) {
        shape.calls += calls;
        shape.callers += 1;
        shape.bytes += bytes;
      } else own.set(key, { calls, callers: 1, bytes });
    },
    refused({ account, fingerprint, minute, process, route, calls }) {
      rows.add(eventOf.rateLimited, minute + 1, process, route, fingerprint, account.id, calls, 1, 0);
    },
    hourEnds(hour) {
      for (const [process, own] of shapes.entries()) {
        for (const [key, { calls, callers, bytes }] of own) {
          const fingerprint = Math.floor(key / routes.length);
          const route = key - fingerprint * routes.length;
          rows.add(eventOf.trafficShape, (hour + 1) * 60, process, route, fingerprint, -1, calls, callers, bytes);
        }
        own.clear();
      }
    },
  };
}
