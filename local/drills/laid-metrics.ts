import { createMetricStore, type MetricStore } from '../platform-metrics/metric-store.ts';
import type { Stretch, TimeLine } from './layout.ts';
import type { MetricSample } from './metric-samples.ts';

const MINUTE_MS = 60_000;

/**
 * Lays the captured platform metrics on a time line. Dead letters stay: each copy begins with as many as the one before it
 * ended with. What waits grows in each copy of the fault by what it grew by in the stretch, and is gone with the recovery.
 */
export function layMetrics(
  samples: readonly MetricSample[],
  stretches: readonly Stretch[],
  { copies, judgedFrom, until }: TimeLine,
): MetricStore {
  let clock = new Date(judgedFrom);
  const store = createMetricStore({ now: () => clock, keptMinutes: Math.ceil((until - judgedFrom) / MINUTE_MS) + 240 });
  const within = new Map(
    stretches.map(({ name, from, until: end }) => [name, samples.filter(({ at }) => at >= from && at < end)]),
  );
  const begins = new Map(stretches.map(({ name, from }) => [name, from]));
  const growth = waitingGrowth(within.get('fault') ?? []);
  const letters = new Map<string, number>();

  for (const { stretch, at, weight, before } of copies) {
    if (weight > 1) continue; // no rule on a metric looks so far back
    const offsets = new Map<string, number>();
    for (const sample of within.get(stretch) ?? []) {
      clock = new Date(at + sample.at - (begins.get(stretch) ?? sample.at));
      const { metric, dimensions, value } = sample;
      const series = dimensions.EntityName ?? '';
      let laid = value;
      if (metric === 'ActiveMessages' && stretch === 'fault') laid += (growth.get(series) ?? 0) * before;
      if (metric === 'DeadletteredMessages') {
        const offset = offsets.get(series) ?? Math.max(0, (letters.get(series) ?? 0) - value);
        offsets.set(series, offset);
        laid += offset;
        letters.set(series, laid);
      }
      store.record(metric, dimensions, laid);
    }
  }
  return store;
}

function waitingGrowth(samples: readonly MetricSample[]): Map<string, number> {
  const byEntity = Map.groupBy(
    samples.filter(({ metric }) => metric === 'ActiveMessages'),
    ({ dimensions }) => dimensions.EntityName ?? '',
  );
  return new Map(
    [...byEntity].map(([entity, own]) => [entity, Math.max(0, (own.at(-1)?.value ?? 0) - (own[0]?.value ?? 0))]),
  );
}
