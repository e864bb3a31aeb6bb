import { createMetricStore, type MetricStore } from '../platform-metrics/metric-store.ts';
import type { Stretch, TimeLine } from './layout.ts';
import type { MetricSample } from './metric-samples.ts';

const MINUTE_MS = 60_000;
/** No rule on a metric looks further back. */
const longestWindowMs = 60 * MINUTE_MS;

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
  const lengths = new Map(stretches.map(({ name, from, until: end }) => [name, end - from]));
  const growth = waitingGrowth(within.get('fault') ?? []);
  const letters = new Map<string, number>();

  // Where one copy stands for several, what the platform counts is laid for each of them: it is never sampled.
  const all = copies.flatMap((copy) =>
    Array.from({ length: copy.weight }, (_, turn) => ({
      ...copy,
      at: copy.at + turn * (lengths.get(copy.stretch) ?? 0),
      before: copy.before + turn,
    })),
  );
  for (const { stretch, at, before } of all) {
    if (at < judgedFrom - longestWindowMs) continue;
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
