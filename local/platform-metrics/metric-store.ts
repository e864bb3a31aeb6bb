/** How the values of a stretch of time become one number. */
export type Aggregation = 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total';
type Dimensions = Readonly<Record<string, string>>;

export interface MetricQuestion {
  metric: string;
  /** The values of each dimension that are asked for, each a series of its own; `*` stands for all. Others are taken together. */
  dimensions?: Readonly<Record<string, readonly string[]>>;
  from: Date;
  /** Not included. */
  to: Date;
  /** How many whole minutes become one point; points begin at the multiples of it since 1970. */
  grain: number;
  aggregation: Aggregation;
}

export interface MetricSeries {
  /** Those that were asked for. */
  dimensions: Dimensions;
  /** Oldest first. A stretch in which nothing was measured has no point. */
  points: { time: Date; value: number }[];
}

export interface MetricStore {
  record(metric: string, dimensions: Dimensions, value: number): void;
  /** Throws when the grain is no whole number of minutes or the end is before the beginning. */
  read(question: MetricQuestion): MetricSeries[];
}

interface Minute {
  total: number;
  count: number;
  min: number;
  max: number;
}
interface Stored {
  metric: string;
  dimensions: Dimensions;
  /** By the number of the minute since 1970. */
  minutes: Map<number, Minute>;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * Platform metrics, which are no rows: in Azure, too, rules read them from a store of their own. Keeps the newest
 * `keptMinutes` of each series and the newest `maxSeries` series, in memory.
 */
export function createMetricStore({
  now = () => new Date(),
  keptMinutes = DAY_MINUTES,
  maxSeries = 1_000,
}: {
  now?: () => Date;
  keptMinutes?: number;
  maxSeries?: number;
} = {}): MetricStore {
  const all = new Map<string, Stored>();

  const seriesOf = (metric: string, dimensions: Dimensions): Stored => {
    const key = JSON.stringify([metric, Object.entries(dimensions).sort()]);
    const found = all.get(key) ?? { metric, dimensions, minutes: new Map<number, Minute>() };
    all.delete(key); // the one that was written last is the last to go
    all.set(key, found);
    for (const oldest of all.keys()) {
      if (all.size <= maxSeries) break;
      all.delete(oldest);
    }
    return found;
  };

  return {
    record(metric, dimensions, value) {
      const { minutes } = seriesOf(metric, dimensions);
      const minute = Math.floor(now().getTime() / MINUTE_MS);
      const one = { total: value, count: 1, min: value, max: value };
      const before = minutes.get(minute);
      minutes.set(minute, before ? together(before, one) : one);
      for (const oldest of minutes.keys()) {
        if (oldest > minute - keptMinutes) break;
        minutes.delete(oldest);
      }
    },
    read({ metric, dimensions = {}, from, to, grain, aggregation }) {
      if (!Number.isInteger(grain) || grain < 1)
        throw new Error(`The grain must be whole minutes from 1, not ${grain}`);
      if (to < from) throw new Error(`A metric was asked for until ${to.toISOString()}, before ${from.toISOString()}`);
      const wanted = [...all.values()].filter((one) => one.metric === metric && matches(one.dimensions, dimensions));
      const split = Map.groupBy(wanted, (one) =>
        JSON.stringify(Object.keys(dimensions).map((name) => one.dimensions[name])),
      );
      return [...split.values()].map((some) => ({
        dimensions: Object.fromEntries(Object.keys(dimensions).map((name) => [name, some[0]?.dimensions[name] ?? ''])),
        points: pointsOf(some, { from, to, grain, aggregation }),
      }));
    },
  };
}

const matches = (has: Dimensions, asked: Readonly<Record<string, readonly string[]>>): boolean =>
  Object.entries(asked).every(([name, values]) => {
    const value = has[name];
    return value !== undefined && (values.includes('*') || values.includes(value));
  });

function pointsOf(
  series: readonly Stored[],
  { from, to, grain, aggregation }: Omit<MetricQuestion, 'metric' | 'dimensions'>,
): MetricSeries['points'] {
  const points = new Map<number, Minute>();
  for (const { minutes } of series) {
    for (const [minute, measured] of minutes) {
      const ms = minute * MINUTE_MS;
      if (ms < from.getTime() || ms >= to.getTime()) continue;
      const point = Math.floor(minute / grain) * grain;
      const before = points.get(point);
      points.set(point, before ? together(before, measured) : measured);
    }
  }
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([point, measured]) => ({ time: new Date(point * MINUTE_MS), value: aggregate[aggregation](measured) }));
}

const together = (a: Minute, b: Minute): Minute => ({
  total: a.total + b.total,
  count: a.count + b.count,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});

const aggregate: Readonly<Record<Aggregation, (measured: Minute) => number>> = {
  Average: ({ total, count }) => total / count,
  Count: ({ count }) => count,
  Maximum: ({ max }) => max,
  Minimum: ({ min }) => min,
  Total: ({ total }) => total,
};
