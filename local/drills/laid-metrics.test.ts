import { expect, test } from 'vitest';
import { layMetrics } from './laid-metrics.ts';
import { type Layout, layStretches } from './layout.ts';
import type { MetricSample } from './metric-samples.ts';
import { start, tenSecondStretches } from './stretches.fixture.ts';

const layout: Layout = {
  seconds: { calm: 10, onset: 10, fault: 10, recovery: 10 },
  pieces: [
    { stretch: 'calm', minutes: 4, oneIn: 6 },
    { stretch: 'onset', minutes: 'once' },
    { stretch: 'fault', minutes: 5 },
    { stretch: 'recovery', minutes: 'once' },
    { stretch: 'calm', minutes: 5 },
  ],
  judgedBefore: 1,
};
const timeLine = layStretches(tenSecondStretches, layout);

/** Values of a metric of one queue, by the second at which they were measured. */
const samples = (metric: string, values: Readonly<Record<number, number>>): MetricSample[] =>
  Object.entries(values).map(([second, value]) => ({
    ...{ at: start + Number(second) * 1_000, metric, value },
    dimensions: { EntityName: 'parcels' },
  }));

/** What a metric was at most, or in all, in one minute counted from the beginning of the fault. */
const read = (captured: readonly MetricSample[], metric: string, minute: number, aggregation: 'Maximum' | 'Total') => {
  const store = layMetrics(captured, tenSecondStretches, timeLine);
  const from = new Date(timeLine.faultAt + minute * 60_000);
  const [series] = store.read({ metric, from, to: new Date(from.getTime() + 60_000), grain: 1, aggregation });
  return series?.points[0]?.value;
};

test('what the platform counts is laid for each copy, also for those whose rows are left out', () => {
  const completed = samples('CompleteMessage', { 1: 3, 5: 4 });
  expect(read(completed, 'CompleteMessage', -2, 'Total')).toBe(6 * 7);
  expect(read(completed, 'CompleteMessage', 2, 'Total')).toBeUndefined();
});

test('what waits grows in each copy of the fault by what it grew by, and is gone with the recovery', () => {
  const waiting = samples('ActiveMessages', { 1: 0, 12: 5, 21: 10, 29: 16, 31: 16, 39: 0 });
  expect(read(waiting, 'ActiveMessages', 1, 'Maximum')).toBe(16 + 10 * 6);
  expect(read(waiting, 'ActiveMessages', 4, 'Maximum')).toBe(16 + 28 * 6);
  expect(read(waiting, 'ActiveMessages', 7, 'Maximum')).toBe(0);
});

test('dead letters stay: each copy begins with what the one before it ended with', () => {
  const dead = samples('DeadletteredMessages', { 1: 0, 12: 0, 19: 4, 21: 4, 29: 10, 31: 10, 39: 10 });
  expect(read(dead, 'DeadletteredMessages', 1, 'Maximum')).toBe(10 + 10 * 6);
  expect(read(dead, 'DeadletteredMessages', 9, 'Maximum')).toBe(10 + 29 * 6);
});
