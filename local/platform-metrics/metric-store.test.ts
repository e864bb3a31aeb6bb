import { expect, test } from 'vitest';
import { createMetricStore, type MetricQuestion, type MetricStore } from './metric-store.ts';

const at = (time: string) => new Date(`2026-11-22T${time}Z`);
let time = at('10:00:00');
const open = (options: Parameters<typeof createMetricStore>[0] = {}) =>
  createMetricStore({ now: () => time, ...options });
const record = (store: MetricStore, when: string, value: number, dimensions: Record<string, string> = {}) => {
  time = at(when);
  store.record('Depth', dimensions, value);
};
const hour = { metric: 'Depth', from: at('10:00:00'), to: at('11:00:00'), grain: 60 };
const one = (store: MetricStore, question: Partial<MetricQuestion>) =>
  store.read({ ...hour, aggregation: 'Total', ...question }).flatMap(({ points }) => points.map(({ value }) => value));

test('the values of a stretch become one number, each way', () => {
  const store = open();
  for (const [when, value] of [
    ['10:00:00', 4],
    ['10:00:59', 1],
    ['10:59:59', 7],
  ] as const)
    record(store, when, value);
  const numbers = (['Average', 'Count', 'Maximum', 'Minimum', 'Total'] as const).map((aggregation) =>
    one(store, { aggregation }),
  );
  expect(numbers).toEqual([[4], [3], [7], [1], [12]]);
});

test('the beginning belongs to a stretch and the end does not; one without a value has no point', () => {
  const store = open();
  for (const when of ['09:59:59', '10:00:00', '10:04:59', '10:10:00', '10:15:00']) record(store, when, 1);
  expect(store.read({ ...hour, to: at('10:15:00'), grain: 5, aggregation: 'Total' })).toEqual([
    {
      dimensions: {},
      points: [
        { time: at('10:00:00'), value: 2 },
        { time: at('10:10:00'), value: 1 },
      ],
    },
  ]);
});

test('a dimension that is asked for makes series, and others are taken together', () => {
  const store = open();
  record(store, '10:00:00', 1, { EntityName: 'a', Code: 'x' });
  record(store, '10:00:10', 2, { EntityName: 'a', Code: 'y' });
  record(store, '10:00:20', 4, { EntityName: 'b', Code: 'x' });
  record(store, '10:00:30', 8);
  const read = (dimensions: Record<string, string[]>) =>
    store
      .read({ ...hour, aggregation: 'Total', dimensions })
      .map((series) => [series.dimensions, series.points[0]?.value]);
  expect(read({})).toEqual([[{}, 15]]);
  expect(read({ EntityName: ['*'] })).toEqual([
    [{ EntityName: 'a' }, 3],
    [{ EntityName: 'b' }, 4],
  ]);
  expect(read({ EntityName: ['b', 'c'] })).toEqual([[{ EntityName: 'b' }, 4]]);
  expect(read({ EntityName: ['c'] })).toEqual([]);
  expect(store.read({ ...hour, metric: 'Other', aggregation: 'Total' })).toEqual([]);
});

test('minutes beyond the bound go, and so do the series that were written to longest ago', () => {
  const store = open({ keptMinutes: 10, maxSeries: 2 });
  record(store, '10:00:00', 1);
  record(store, '10:09:59', 2);
  expect(one(store, {})).toEqual([3]);
  record(store, '10:10:00', 4);
  expect(one(store, {})).toEqual([6]);
  record(store, '10:11:00', 8, { EntityName: 'a' });
  record(store, '10:12:00', 16);
  record(store, '10:13:00', 32, { EntityName: 'b' });
  expect(store.read({ ...hour, aggregation: 'Total', dimensions: { EntityName: ['*'] } })).toHaveLength(1);
  expect(one(store, {})).toEqual([2 + 4 + 16 + 32]);
});

test('a question that makes no sense is refused', () => {
  expect(() => one(open(), { grain: 0.5 })).toThrow('whole minutes from 1, not 0.5');
  expect(() => one(open(), { to: at('09:00:00') })).toThrow(/until .*09:00.*, before/);
});
