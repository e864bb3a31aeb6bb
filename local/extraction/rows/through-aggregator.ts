import { createSecurityCounts } from '../../../src/observability/modules/security-events/security-counts.ts';
import { beginsAt, processes, routes } from '../world/account.ts';
import type { CallsOfHour, RefusedCalls, TrafficSink } from '../world/traffic.ts';

type AggregatedRow = ReturnType<ReturnType<typeof createSecurityCounts>['take']>[number];

export interface ProcessRow {
  readonly process: number;
  readonly row: AggregatedRow;
}

const minuteMs = 60_000;
const accepted = 200;
const refusedByLimit = 429;

interface Request {
  readonly process: number;
  readonly minute: number;
  readonly status: number;
  readonly bytes: number;
  readonly of: Pick<CallsOfHour, 'account' | 'fingerprint' | 'route'>;
}

/** Hands each single call to the aggregator of the service, one for each process, and takes its rows each minute as the service does. */
export function throughAggregator(): TrafficSink & { rows: ProcessRow[]; calls(): number } {
  const counts = Array.from({ length: processes }, () => createSecurityCounts());
  const rows: ProcessRow[] = [];
  const called: CallsOfHour[] = [];
  const refused: RefusedCalls[] = [];
  let calls = 0;

  const take = (at: number) => {
    for (const [process, own] of counts.entries()) rows.push(...own.take(at).map((row) => ({ process, row })));
  };
  const request = ({ process, minute, status, bytes, of }: Request) => {
    calls += 1;
    counts[process]?.request({
      ...{ at: beginsAt + minute * minuteMs, status, bytes, Reason: '', Client: 'web' },
      ...{ Route: routes[of.route] ?? '', Fingerprint: String(of.fingerprint), Caller: String(of.account.id) },
    });
  };
  return {
    rows,
    calls: () => calls,
    called: (each) => void called.push(each),
    refused: (each) => void refused.push(each),
    hourEnds(hour) {
      const requests = Map.groupBy(requestsOf(called, refused), ({ minute }) => minute);
      for (let minute = hour * 60; minute < (hour + 1) * 60; minute++) {
        for (const each of requests.get(minute) ?? []) request(each);
        take(beginsAt + (minute + 1) * minuteMs);
      }
      called.length = 0;
      refused.length = 0;
    },
  };
}

/** Each call by itself. Those that were accepted come in the first minute, and all bytes with the first call. */
function* requestsOf(called: readonly CallsOfHour[], refused: readonly RefusedCalls[]): Generator<Request> {
  const keyOf = ({ account, fingerprint, process, route }: CallsOfHour | RefusedCalls) =>
    `${account.id} ${fingerprint} ${process} ${route}`;
  const over = Map.groupBy(refused, keyOf);
  for (const of of called) {
    const { process, hour, bytes } = of;
    const own = over.get(keyOf(of)) ?? [];
    over.delete(keyOf(of));
    let left = bytes;
    const next = (minute: number, status: number): Request => {
      const request = { process, minute, status, bytes: left, of };
      left = 0;
      return request;
    };
    const good = of.calls - own.reduce((sum, { calls }) => sum + calls, 0);
    for (let call = 0; call < good; call++) yield next(hour * 60 + of.minute, accepted);
    for (const { minute, calls } of own) for (let call = 0; call < calls; call++) yield next(minute, refusedByLimit);
  }
}
