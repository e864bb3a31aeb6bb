import type { KqlResult } from '../../kql/index.ts';
import { MINUTE_MS } from '../iso-minutes.ts';
import { type LogRuleProperties, meets } from '../rule-properties.ts';
import { aggregateNumbers } from './aggregate-numbers.ts';
import { type AlertDimension, type Condition, type Finding, seriesKey } from './finding.ts';

/** Runs a query as of a time, on the rows of the minutes before it. */
export type AskLogs = (query: string, minutes: number, at: Date) => Promise<KqlResult>;

type LogRow = KqlResult['rows'][number];

/** "The alert time range is limited to a maximum of two days" (alerts-create-log-alert-rule.md). */
const LONGEST_MINUTES = 2 * 24 * 60;

/** How many minutes of rows the query of a rule sees. */
export const queriedMinutes = ({ overrideQueryTimeRange, windowSize, criteria }: LogRuleProperties): number => {
  const periods = criteria.allOf[0].failingPeriods.numberOfEvaluationPeriods;
  return Math.min(overrideQueryTimeRange ?? windowSize * periods, LONGEST_MINUTES);
};

/**
 * The condition of a log rule: the query's rows, split by the dimensions, become one number for each window, and a series meets
 * it where enough windows do (MicrosoftDocs/azure-monitor-docs articles/azure-monitor/alerts/alerts-create-log-alert-rule.md).
 *
 * ASSUMPTIONS. A window without rows counts 0 rows, and has no number to average, sum or compare. A series without any row is
 * not met. The column that puts rows into windows is `TimeGenerated`, else the first of type datetime; windows end at the time
 * of the evaluation, as the service makes `bin_at()` of `bin()`.
 */
export function logCondition(rule: LogRuleProperties, ask: AskLogs): Condition {
  const [{ query, dimensions, failingPeriods, timeAggregation, metricMeasureColumn, operator, threshold }] =
    rule.criteria.allOf;
  const { numberOfEvaluationPeriods: periods, minFailingPeriodsToAlert: needed } = failingPeriods;
  const isBinned = periods > 1 || rule.overrideQueryTimeRange !== undefined;

  return async (at) => {
    const result = await ask(query, queriedMinutes(rule), at);
    for (const name of [...dimensions.map((each) => each.name), ...(metricMeasureColumn ? [metricMeasureColumn] : [])])
      if (!result.columns.some((column) => column.name === name)) throw new Error(`The query has no column ${name}`);
    const windowsOf = isBinned ? binner(result, rule.windowSize, periods, at) : (rows: readonly LogRow[]) => [rows];
    const numberOf = (rows: readonly LogRow[]) =>
      aggregateNumbers[timeAggregation](numbersOf(rows, metricMeasureColumn));
    return seriesOf(result.rows, dimensions).map(({ dimensions: series, rows }): Finding => {
      const values = windowsOf(rows).map(numberOf);
      const failing = values.filter((value) => value !== undefined && meets[operator](value, threshold));
      const isMet = failing.length >= needed;
      return { dimensions: series, outcome: isMet ? 'met' : 'clear', values: [(isMet ? failing : values).at(-1)] };
    });
  };
}

/** The rows of each combination of values. Without dimensions there is one series, also without rows. */
function seriesOf(
  rows: readonly LogRow[],
  wanted: LogRuleProperties['criteria']['allOf'][0]['dimensions'],
): { dimensions: AlertDimension[]; rows: readonly LogRow[] }[] {
  if (wanted.length === 0) return [{ dimensions: [], rows }];
  const dimensionsOf = (row: LogRow) => wanted.map(({ name }) => ({ name, value: String(row[name] ?? '') }));
  const isWanted = (row: LogRow) =>
    wanted.every(({ name, values }) => values.includes('*') || values.includes(String(row[name] ?? '')));
  const split = Map.groupBy(rows.filter(isWanted), (row) => seriesKey(dimensionsOf(row)));
  return [...split.values()].flatMap((some) => (some[0] ? [{ dimensions: dimensionsOf(some[0]), rows: some }] : []));
}

/** `Count` counts rows; the others read the measure, and a value that is none is left out. */
const numbersOf = (rows: readonly LogRow[], measure: string | null): number[] =>
  measure === null
    ? rows.map(() => 1)
    : rows
        .map((row) => row[measure])
        .filter((value) => value !== null && value !== undefined)
        .map(Number)
        .filter((number) => !Number.isNaN(number));

/** Puts rows into the windows before `at`, the oldest first. */
function binner({ columns }: KqlResult, minutes: number, periods: number, at: Date) {
  const times = columns.filter(({ type }) => type === 'datetime').map(({ name }) => name);
  const column = times.includes('TimeGenerated') ? 'TimeGenerated' : times[0];
  if (column === undefined)
    throw new Error('Several periods need a column of type datetime in the result of the query');
  const width = minutes * MINUTE_MS;
  return (rows: readonly LogRow[]): LogRow[][] => {
    const windows = Array.from({ length: periods }, (): LogRow[] => []);
    for (const row of rows) {
      const age = Math.max(0, at.getTime() - Date.parse(String(row[column])) - 1);
      windows[periods - 1 - Math.floor(age / width)]?.push(row);
    }
    return windows;
  };
}
