import { expect, test } from 'vitest';
import type { QueryResult } from '../../api/contract.ts';
import { chartOf } from './query-chart.ts';

const result = (columns: Record<string, string>, rows: QueryResult['rows']): QueryResult => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
  total: rows.length,
  ms: 1,
  read: 1,
  timeSetIn: 'range',
  query: '',
});
const at = (minute: number) => `2026-11-29T00:0${minute}:00.0000000Z`;

test('a text splits the figures into a line each, with holes where a time has none', () => {
  const rows = [
    { T: at(1), Name: 'b', N: 2 },
    { T: at(0), Name: 'a', N: 1 },
    { T: at(1), Name: 'a', N: 3 },
  ];
  const chart = chartOf(result({ T: 'datetime', Name: 'string', N: 'long' }, rows));
  expect(chart?.series).toMatchObject({ step: 60_000, values: { a: [1, 3], b: [null, 2] } });
  expect(chart?.lines.map(({ name, colour }) => [name, colour])).toEqual([
    ['b', 's1'],
    ['a', 's2'],
  ]);
});

test('without a text each figure is a line', () => {
  const chart = chartOf(
    result({ T: 'datetime', P50: 'real', P95: 'real' }, [
      { T: at(0), P50: 1, P95: 2 },
      { T: at(1), P50: null, P95: 4 },
    ]),
  );
  expect(chart?.series.values).toEqual({ P50: [1, null], P95: [2, 4] });
});

test('more lines than colours are counted, and rows that are no figures over time have no chart', () => {
  const many = Array.from({ length: 8 }, (_, index) =>
    [0, 1].map((minute) => ({ T: at(minute), Name: `n${index}`, N: 1 })),
  ).flat();
  expect(chartOf(result({ T: 'datetime', Name: 'string', N: 'long' }, many))).toMatchObject({ left: 2 });
  expect(chartOf(result({ Name: 'string', N: 'long' }, [{ Name: 'a', N: 1 }]))).toBeUndefined();
  expect(chartOf(result({ T: 'datetime', N: 'long' }, [{ T: at(0), N: 1 }]))).toBeUndefined();
});
