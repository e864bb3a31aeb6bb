import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const numbers = 'range x from 1 to 100 step 1';
const nulls = 'datatable(x: long, y: real, s: string, t: datetime)[long(null), real(null), "", datetime(null)]';

test.each([
  [numbers, 'count()', 100],
  [numbers, 'countif(x > 90)', 10],
  [numbers, 'sum(x)', 5050],
  [numbers, 'sumif(x, x > 99)', 100],
  [numbers, 'avg(x)', 50.5],
  [numbers, 'avgif(x, x % 2 == 0)', 51],
  [numbers, 'min(x)', 1],
  [numbers, 'minif(x, x > 5)', 6],
  [numbers, 'max(x)', 100],
  [numbers, 'maxif(x, x < 5)', 4],
  [numbers, 'dcount(x % 7)', 7],
  [numbers, 'dcountif(x % 7, x < 4)', 3],
  [numbers, 'dcountif(x % 7, x < 4, 4)', 3],
  [numbers, 'count_distinct(x % 7)', 7],
  [numbers, 'percentile(x, 50)', 50],
  [numbers, 'percentile(x, 95)', 95],
  [numbers, 'percentile(x, 0)', 1],
  [numbers, 'percentile(x, 100)', 100],
  [numbers, 'round(stdev(x), 6)', 29.011492],
  [numbers, 'round(stdevp(x), 6)', 28.86607],
  [numbers, 'round(variance(x), 6)', 841.666667],
  [numbers, 'round(variancep(x), 6)', 833.25],
  [numbers, 'round(stdevif(x, x % 2 == 0), 6)', 29.154759],
  [numbers, 'variance(1.0)', 0],
  [numbers, 'array_length(make_list(x, 7))', 7],
  [numbers, '1.0 * sum(x) / count()', 50.5],
  ['range x from 1 to 3 step 1 | extend d = x * 1d', 'sum(d)', '6.00:00:00'],
  ['range x from 1 to 3 step 1 | extend d = x * 1d', 'avg(d)', '2.00:00:00'],
])('%s | summarize %s', async (table, aggregate, expected) => {
  expect(await kql.rows(`${table} | summarize ${aggregate}`)).toEqual([[expected]]);
});

test.each([
  ['count()', 0, 1],
  ['sum(x)', 0, 0],
  ['sum(y)', 0, 0],
  ['avg(y)', NaN, NaN],
  ['min(x)', null, null],
  ['max(s)', '', ''],
  ['dcount(x)', 0, 0],
  ['stdev(x)', 0, 0],
  ['make_list(x)', [], []],
  ['make_set(x)', [], []],
  ['percentile(x, 50)', null, null],
  ['take_any(s)', '', ''],
  ['max(t)', null, null],
])('%s of no rows and of nulls', async (aggregate, ofNothing, ofNulls) => {
  expect(await kql.rows(`${nulls} | where false | summarize ${aggregate}`)).toEqual([[ofNothing]]);
  expect(await kql.rows(`${nulls} | summarize ${aggregate}`)).toEqual([[ofNulls]]);
  expect(await kql.rows(`${nulls} | where false | summarize ${aggregate} by s`)).toEqual([]);
});

test('an average of nothing fires no rule', async () => {
  expect(await kql.rows(`${nulls} | summarize a = avg(y) | where a > 5`)).toEqual([]);
  expect(await kql.rows(`${nulls} | summarize a = avg(y) | where a < 5`)).toEqual([]);
});

test('lists keep the order of rows that are sorted, and leave out nulls', async () => {
  const table = 'datatable(k: string, x: long)["a", 3, "a", 1, "b", 2, "a", long(null), "a", 2]';
  expect(await kql.rows(`${table} | sort by x asc | summarize make_list(x) by k | sort by k asc`)).toEqual([
    ['a', [1, 2, 3]],
    ['b', [2]],
  ]);
  expect(await kql.rows(`${table} | sort by x desc | summarize make_list_if(x, x > 1)`)).toEqual([[[3, 2, 2]]]);
});

test('a set of arrays holds their elements once', async () => {
  const table = 'datatable(x: long, d: dynamic)[1, dynamic(["a", "b"]), 5, dynamic(["b", "c"]), 5, dynamic("a")]';
  const [[numberSet, textSet] = []] = await kql.rows(`${table} | summarize make_set(x), make_set(d)`);
  expect((numberSet as number[]).toSorted()).toEqual([1, 5]);
  expect((textSet as string[]).toSorted()).toEqual(['a', 'b', 'c']);
});

const fruit = `datatable(Fruit: string, Color: string, Version: int)[
  "Apple", "Red", 1, "Apple", "Green", int(null),
  "Banana", "Yellow", int(null), "Banana", "Yellow", int(null),
  "Pear", "Brown", 1, "Pear", "Green", 2]`;

test('arg_max keeps a row where every value is null', async () => {
  expect(await kql.rows(`${fruit} | summarize arg_max(Version, *) by Fruit | sort by Fruit asc`)).toEqual([
    ['Apple', 1, 'Red'],
    ['Banana', null, 'Yellow'],
    ['Pear', 2, 'Green'],
  ]);
  expect(await kql.names(`${fruit} | summarize arg_max(Version, *) by Fruit`)).toEqual(['Fruit', 'Version', 'Color']);
});

test('arg_min, and values of one row by take_any', async () => {
  expect(await kql.rows(`${fruit} | where Fruit == "Pear" | summarize arg_min(Version, Color)`)).toEqual([
    [1, 'Brown'],
  ]);
  expect(await kql.rows(`${fruit} | where Fruit == "Banana" | summarize take_any(Color, Fruit)`)).toEqual([
    ['Yellow', 'Banana'],
  ]);
});

test('a weighted percentile counts each row as often as its weight says', async () => {
  const table =
    'datatable(k: string, ms: real, n: int)["a", 10.0, 97, "a", 50.0, 2, "a", 900.0, 1, "b", 5.0, 1, "b", real(null), 100]';
  const query = `${table} | summarize p50 = percentilew(ms, n, 50), p97 = percentilew(ms, n, 97), p98 = percentilew(ms, n, 98), p100 = percentilew(ms, n, 100) by k | sort by k asc`;
  expect(await kql.rows(query)).toEqual([
    ['a', 10, 10, 50, 900],
    ['b', 5, 5, 5, 5],
  ]);
});

test('percentiles make a column each', async () => {
  expect(await kql.names(`${numbers} | summarize percentiles(x, 5, 50, 95)`)).toEqual([
    'percentile_x_5',
    'percentile_x_50',
    'percentile_x_95',
  ]);
  expect(await kql.rows(`${numbers} | summarize percentiles(x, 5, 50, 95)`)).toEqual([[5, 50, 95]]);
  expect(await kql.rows(`${numbers} | extend w = int(1) | summarize percentilesw(x, w, 25, 75)`)).toEqual([[25, 75]]);
});

test('a constant is a key of groups like any other', async () => {
  expect(
    await kql.rows(`${numbers} | summarize n = count() by direction = "in", big = x > 60 | sort by n asc`),
  ).toEqual([
    ['in', true, 40],
    ['in', false, 60],
  ]);
  expect(await kql.rows(`${numbers} | summarize by k = x % 2 | sort by k asc`)).toEqual([[0], [1]]);
});

test.each([
  ['max among NaN', 'datatable(x: real)[1.0, real(nan)] | summarize max(x)'],
  ['percentile among NaN', 'datatable(x: real)[1.0, real(nan)] | summarize percentile(x, 50)'],
  ['dcount of dynamic', 'datatable(d: dynamic)[dynamic(1)] | summarize dcount(d)'],
  ['hll', 'range x from 1 to 2 step 1 | summarize hll(x)'],
  ['a percentage that depends on the row', 'range x from 1 to 2 step 1 | summarize percentile(x, x)'],
])('%s is refused', async (_what, query) => {
  await expect(kql.rows(query)).rejects.toSatisfy(
    (error) => error instanceof KqlUnsupported || /KS/.test((error as { code: string }).code),
  );
});
