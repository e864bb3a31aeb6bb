import type { Row } from '../application-insights/index.ts';
import type { MetricStore } from './metric-store.ts';

const MINUTE_MS = 60_000;
/** Those of ours that Azure exports: of the numbers of messages that wait, and of refusals, it exports none. */
const exportable = ['IncomingMessages', 'CompleteMessage', 'AbandonMessage'];
const columns = { Total: 'Total', Count: 'Count', Minimum: 'Minimum', Maximum: 'Maximum', Average: 'Average' } as const;

/** The rows of `AzureMetrics` for one minute: the whole namespace, because an export has no dimensions. */
export function exportedRows(store: Pick<MetricStore, 'read'>, minute: Date): Row[] {
  const to = new Date(minute.getTime() + MINUTE_MS);
  return exportable.flatMap((metric) => {
    const values = Object.entries(columns).flatMap(([column, aggregation]) => {
      const [series] = store.read({ metric, from: minute, to, grain: 1, aggregation });
      return series?.points.map(({ value }) => [column, value] as const) ?? [];
    });
    if (values.length === 0) return [];
    return {
      TimeGenerated: minute.toISOString(),
      Type: 'AzureMetrics' as const,
      MetricName: metric,
      ...Object.fromEntries(values),
      TimeGrain: 'PT1M',
      UnitName: 'Count',
      ResourceProvider: 'MICROSOFT.SERVICEBUS',
      Resource: 'LOCAL',
    };
  });
}

/** Answers the minutes that have ended since it was asked before, or since it was made. */
export function createMinutes(now: () => Date): () => Date[] {
  const current = () => Math.floor(now().getTime() / MINUTE_MS);
  let next = current();
  return () => {
    const ended: Date[] = [];
    for (; next < current(); next++) ended.push(new Date(next * MINUTE_MS));
    return ended;
  };
}
