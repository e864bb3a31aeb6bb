import type { KqlResult } from '../../kql/index.ts';
import type { AskedRange } from './asked-range.ts';
import type { TimeSeries } from './contract.ts';
import { measured, textOf } from './kql-text.ts';

/** The beginnings of the steps of a range, on whole multiples of the step, as KQL's `bin` makes them. */
export function stepsOf({ from, to, step }: AskedRange): number[] {
  const times: number[] = [];
  for (let at = Math.floor(from / step) * step; at < to; at += step) times.push(at);
  return times;
}

/**
 * The rows of a query that is summarized by `bin(TimeGenerated, step)` as a series over the whole range. `zero` stands in
 * where a step has no row: 0 for a count, null for a measurement.
 */
export function seriesOf(
  { rows }: Pick<KqlResult, 'rows'>,
  range: AskedRange,
  columns: Readonly<Record<string, 0 | null>>,
): TimeSeries {
  const byTime = new Map(rows.map((row) => [Date.parse(textOf(row.TimeGenerated)), row]));
  const times = stepsOf(range);
  return {
    step: range.step,
    times: times.map((at) => new Date(at).toISOString()),
    values: Object.fromEntries(
      Object.entries(columns).map(([name, zero]) => [
        name,
        times.map((at) => measured(byTime.get(at)?.[name]) ?? zero),
      ]),
    ),
  };
}
