import { costOf, readPrices } from '../../../tools/bicep/read-prices.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { AskedRange } from './asked-range.ts';
import type { Overview } from './contract.ts';
import { kqlSpan, numberOf, textOf } from './kql-text.ts';
import { seriesOf } from './time-series.ts';

const HOUR_MS = 3_600_000;

/** How much telemetry came in a range, by table, and what it costs. */
export async function readVolume(
  { kql, telemetry }: Pick<DashboardParts, 'kql' | 'telemetry'>,
  range: AskedRange,
): Promise<Overview['telemetry']> {
  const { schema } = telemetry.workspace;
  const billed = Object.entries(schema).filter(([, columns]) => '_BilledSize' in columns && 'Type' in columns);
  const sizes = billed.map(([name]) => `(${name} | project TimeGenerated, Type, _BilledSize)`);
  const rows = `union ${sizes.join(', ')}\n| where ${range.condition}`;
  const query = `${rows}\n| summarize rows = count(), bytes = sum(_BilledSize) by Type\n| order by bytes desc`;
  const seriesQuery = `${rows}\n| summarize bytes = sum(_BilledSize) by bin(TimeGenerated, ${kqlSpan(range.step)})`;
  const [all, steps, dropped] = await Promise.all([
    kql.run(query),
    kql.run(seriesQuery),
    telemetry.workspace.dropped(),
  ]);
  const tables = all.rows.map((row) => ({
    table: textOf(row.Type),
    rows: numberOf(row.rows),
    bytes: numberOf(row.bytes),
  }));
  const bytes = tables.reduce((sum, each) => sum + each.bytes, 0);
  const bytesPerHour = bytes / ((range.to - range.from) / HOUR_MS);
  const prices = readPrices();
  const gbPerMonth = (bytesPerHour * prices.assumed.hours) / 1e9;
  return {
    tables,
    bytesPerHour,
    gbPerMonth,
    pricePerMonth: costOf(prices, 'telemetry', gbPerMonth),
    currency: prices.currency,
    rowsKept: tables.reduce((sum, each) => sum + each.rows, 0),
    rowsDropped: Object.values(dropped).reduce((sum, each) => sum + each, 0),
    query,
    series: seriesOf(steps, range, { bytes: 0 }),
    seriesQuery,
  };
}
