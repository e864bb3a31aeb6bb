import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import { type AskedRange, rangeFacts } from './asked-range.ts';
import { countQueues, queueSeries } from './broker-queues.ts';
import type { Overview } from './contract.ts';
import { kqlSpan, measured, numberOf } from './kql-text.ts';
import { runStateOf } from './level-routes.ts';
import { createRanges } from './ranges.ts';
import { readVolume } from './telemetry-volume.ts';
import { seriesOf } from './time-series.ts';
import type { TransactionSearch } from './transactions.ts';

const ATTENTION = 8;

/** What the first page shows, from the tables, the broker and the list of prices. */
export function overviewRoutes(parts: DashboardParts, search: TransactionSearch): ApiRoutes {
  const { serviceBus, platformMetrics, now } = parts;
  const ranges = createRanges(parts);

  const queues = (range: AskedRange): Overview['queues'] => {
    const series = queueSeries(platformMetrics, range, '*');
    const [first = 0] = (series.values.deadLettered ?? []).filter((value) => value !== null);
    const counts = countQueues(serviceBus?.entities, now());
    return { ...counts, deadLetteredInRange: Math.max(0, counts.deadLettered - first), series };
  };

  return {
    'GET overview': async ({ query }) => {
      const range = await ranges.read(query);
      const newest = new URLSearchParams(query);
      newest.set('outcome', 'failed');
      const [figures, billed, failures] = await Promise.all([
        readRequests(parts, range),
        readVolume(parts, range),
        search.list(newest, ATTENTION),
      ]);
      const data: Overview = {
        range: rangeFacts(range),
        run: runStateOf(parts),
        requests: figures,
        queues: queues(range),
        telemetry: billed,
        attention: failures.data.rows,
        attentionQuery: failures.data.query,
      };
      return { data };
    },
  };
}

/** How many requests there were in a range, how many failed, and how long they took. */
async function readRequests({ kql }: Pick<DashboardParts, 'kql'>, range: AskedRange): Promise<Overview['requests']> {
  const rows = `AppRequests\n| where ${range.condition} and isempty(SyntheticSource) and toint(ResultCode) >= 100`;
  // Requests of a tenth of a millisecond are counted together first: percentiles of a million rows are slow.
  const counted =
    '| summarize ok = sumif(ItemCount, Success), failed = sumif(ItemCount, not(Success)) by ms = tolong(DurationMs * 10) / 10.0';
  const figures =
    '| extend all = ok + failed\n| summarize ok = sum(ok), failed = sum(failed), p50 = percentilew(ms, all, 50), p95 = percentilew(ms, all, 95)';
  const query = `${rows}\n${counted}\n${figures}, p99 = percentilew(ms, all, 99)`;
  const seriesQuery = `${rows}\n${counted}, TimeGenerated = bin(TimeGenerated, ${kqlSpan(range.step)})\n${figures} by TimeGenerated`;
  const [all, steps] = await Promise.all([kql.run(query), kql.run(seriesQuery)]);
  const [total = {}] = all.rows;
  const [ok, failed] = [numberOf(total.ok), numberOf(total.failed)];
  return {
    count: ok + failed,
    failed,
    perSecond: (ok + failed) / ((range.to - range.from) / 1_000),
    ...{ p50: measured(total.p50), p95: measured(total.p95), p99: measured(total.p99) },
    query,
    series: seriesOf(steps, range, { ok: 0, failed: 0, p50: null, p95: null }),
    seriesQuery,
  };
}
