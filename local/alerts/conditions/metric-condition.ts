import type { MetricQuestion, MetricSeries } from '../../platform-metrics/index.ts';
import { minutesBefore } from '../iso-minutes.ts';
import { type MetricRuleProperties, meets } from '../rule-properties.ts';
import { aggregateNumbers } from './aggregate-numbers.ts';
import { type AlertDimension, type Condition, type Finding, seriesKey } from './finding.ts';

export type ReadMetric = (question: MetricQuestion) => readonly MetricSeries[];

type Criterion = MetricRuleProperties['criteria']['allOf'][number];
interface Measured {
  dimensions: AlertDimension[];
  value: number | undefined;
}

/**
 * The condition of a metric rule: the values of the window before the evaluation become one number for each combination of
 * dimension values, and a series meets it where all criteria hold (MicrosoftDocs/azure-monitor-docs
 * articles/azure-monitor/alerts/alerts-metric-multiple-time-series-single-rule.md). The whole minutes of the window are read.
 *
 * ASSUMPTION. A window without a value says nothing: its series neither meets the condition nor is clear of it.
 */
export function metricCondition({ windowSize, criteria }: MetricRuleProperties, read: ReadMetric): Condition {
  return async (at) => {
    const window = { from: minutesBefore(at, windowSize), to: at };
    const measured = criteria.allOf.map((criterion) => measure(criterion, read, window));
    const series = new Map(measured.flatMap((all) => [...all].map(([key, { dimensions }]) => [key, dimensions])));
    return [...series].map(([key, dimensions]): Finding => {
      const values = measured.map((all) => all.get(key)?.value);
      const holds = criteria.allOf.map(({ operator, threshold }, at) => {
        const value = values[at];
        return value === undefined ? undefined : meets[operator](value, threshold);
      });
      const outcome = holds.includes(false) ? 'clear' : holds.includes(undefined) ? 'unknown' : 'met';
      return { dimensions, outcome, values };
    });
  };
}

/** One number for each series of a criterion, by its key. */
function measure(
  { metricName: metric, dimensions: wanted, timeAggregation }: Criterion,
  read: ReadMetric,
  window: { from: Date; to: Date },
): Map<string, Measured> {
  const dimensions = Object.fromEntries(wanted.map(({ name, values }) => [name, values]));
  const ask = (aggregation: MetricQuestion['aggregation']) =>
    new Map(
      read({ metric, dimensions, ...window, grain: 1, aggregation }).map((series) => {
        const own = wanted.map(({ name }) => ({ name, value: series.dimensions[name] ?? '' }));
        return [seriesKey(own), { dimensions: own, numbers: series.points.map(({ value }) => value) }] as const;
      }),
    );
  const asked = ask(timeAggregation === 'Average' ? 'Total' : timeAggregation);
  const counts = timeAggregation === 'Average' ? ask('Count') : undefined;
  return new Map(
    [...asked].map(([key, { dimensions: own, numbers }]) => {
      const together = aggregateNumbers[combining[timeAggregation]](numbers);
      const count = counts && aggregateNumbers.Total(counts.get(key)?.numbers ?? []);
      const value = together === undefined || count === undefined ? together : together / count;
      return [key, { dimensions: own, value }];
    }),
  );
}

/** How the numbers of minutes become that of the window: an average is what was measured, divided by how often. */
const combining = {
  Average: 'Total',
  Count: 'Total',
  Total: 'Total',
  Maximum: 'Maximum',
  Minimum: 'Minimum',
} as const;
