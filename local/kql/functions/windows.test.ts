import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const airlines = `datatable(Airport: string, Airline: string, Departures: long)
  ["TLV", "LH", 1, "TLV", "LY", 100, "SEA", "LH", 1, "SEA", "BA", 2, "SEA", "LY", 0]
  | sort by Airport asc, Departures desc`;

test('row_number begins anew where its condition holds', async () => {
  expect(await kql.rows(`${airlines} | extend Rank = row_number(1, prev(Airport) != Airport)`)).toEqual([
    ['SEA', 'BA', 2, 1],
    ['SEA', 'LH', 1, 2],
    ['SEA', 'LY', 0, 3],
    ['TLV', 'LY', 100, 1],
    ['TLV', 'LH', 1, 2],
  ]);
});

test('row_number takes where it begins', async () => {
  expect(await kql.rows('range a from 1 to 3 step 1 | sort by a desc | extend rn = row_number(7)')).toEqual([
    [3, 7],
    [2, 8],
    [1, 9],
  ]);
});

test('prev and next look at the rows around, with an offset and a default', async () => {
  expect(
    await kql.rows(
      'range a from 1 to 4 step 1 | extend t = tostring(a) | project a, p = prev(a), q = prev(a, 2, 0), n = next(a), s = prev(t)',
    ),
  ).toEqual([
    [1, null, 0, 2, ''],
    [2, 1, 0, 3, '1'],
    [3, 2, 1, 4, '2'],
    [4, 3, 2, null, '3'],
  ]);
});

test('row_cumsum adds up, and begins anew where its condition holds', async () => {
  expect(await kql.rows('datatable(a: long)[1, 2, 3, 4] | serialize cs = row_cumsum(a)')).toEqual([
    [1, 1],
    [2, 3],
    [3, 6],
    [4, 10],
  ]);
  const restarted = `${airlines} | project Airport, sum = row_cumsum(Departures, Airport != prev(Airport))`;
  expect(await kql.rows(restarted)).toEqual([
    ['SEA', 2],
    ['SEA', 3],
    ['SEA', 3],
    ['TLV', 100],
    ['TLV', 101],
  ]);
});

test('a window function can stand in where', async () => {
  expect(await kql.rows('range a from 1 to 4 step 1 | where prev(a) > 1')).toEqual([[3], [4]]);
});

test('rows that are equal by the sort have one order for every use', async () => {
  const query =
    'range a from 1 to 200 step 1 | extend k = a % 2 | sort by k asc | extend n = row_number() | extend p = prev(a) | where n > 1 | extend q = prev(a) | where n > 2 and p != q';
  expect(await kql.rows(query)).toEqual([]);
});

test('rows without an order are refused', async () => {
  await expect(kql.rows('datatable(a: long)[1] | extend prev(a)')).rejects.toBeInstanceOf(KqlUnsupported);
  await expect(kql.rows('range a from 1 to 3 step 1 | summarize by a | extend prev(a)')).rejects.toThrow(
    /without an order/,
  );
});
