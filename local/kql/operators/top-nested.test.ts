import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

/** The rows, in an order of their own: the operator promises none. */
const sorted = async (query: string) => (await kql.rows(query)).map((row) => JSON.stringify(row)).toSorted();
const shown = (rows: readonly unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();

/** Of Kusto's documentation of the operator. */
const identities = `datatable(id: string, timestamp: datetime, otherInformation: string) [
  "Barak", datetime(2015-01-01), "1", "Barak", datetime(2016-01-01), "2", "Barak", datetime(2017-01-20), "3",
  "Donald", datetime(2017-01-20), "4", "Donald", datetime(2017-01-18), "5", "Donald", datetime(2017-01-19), "6"]`;

test('the two newest rows of each identity, as the documentation shows them', async () => {
  const query = `${identities}
    | top-nested of id by Ignore0=max(1), top-nested 2 of timestamp by Ignore1=max(timestamp),
      top-nested of otherInformation by Ignore2=max(1)
    | project-away Ignore0, Ignore1, Ignore2`;
  expect(await sorted(query)).toEqual(
    shown([
      ['Barak', '2016-01-01T00:00:00.0000000Z', '2'],
      ['Donald', '2017-01-19T00:00:00.0000000Z', '6'],
      ['Barak', '2017-01-20T00:00:00.0000000Z', '3'],
      ['Donald', '2017-01-20T00:00:00.0000000Z', '4'],
    ]),
  );
});

const sales = `datatable(region: string, person: string, amount: long) [
  "east", "a", 5, "east", "a", 2, "east", "b", 6, "west", "a", 30, "west", "c", long(null), "north", "d", 1]`;

test('within the two greatest regions the greatest person, with the totals of both', async () => {
  const query = `${sales} | top-nested 2 of region by sum(amount), top-nested 1 of person by total = sum(amount)`;
  expect(await kql.names(query)).toEqual(['region', 'aggregated_region', 'person', 'total']);
  expect(await sorted(query)).toEqual(
    shown([
      ['west', 30, 'a', 30],
      ['east', 13, 'a', 7],
    ]),
  );
});

test('without a number every group is kept, and asc keeps the least', async () => {
  expect(await sorted(`${sales} | top-nested of region by count()`)).toEqual(
    shown([
      ['east', 3],
      ['west', 2],
      ['north', 1],
    ]),
  );
  expect(await kql.rows(`${sales} | top-nested 1 of region by sum(amount) asc`)).toEqual([['north', 1]]);
});

test('an expression is a key, and a calculation with aggregates a measure', async () => {
  const query = `${sales} | top-nested 1 of initial = substring(region, 0, 1) by share = 1.0 * max(amount) / sum(amount)`;
  expect(await kql.rows(query)).toEqual([[expect.stringMatching(/^[wn]$/), 1]]);
});

test('keys that are null are one group', async () => {
  const query = `${sales} | top-nested of amount by count(), top-nested of person by count() | where isnull(amount)`;
  expect(await kql.rows(query)).toEqual([[null, 1, 'c', 1]]);
});

test('groups whose measure is null are not guessed a place', async () => {
  const query = (most: string) =>
    `${sales} | where person == "c" or region == "north" | top-nested ${most} of region by max(amount)`;
  await expect(kql.rows(query('1'))).rejects.toMatchObject({ name: 'top-nested among groups without a value' });
  expect(await sorted(query(''))).toEqual(
    shown([
      ['north', 1],
      ['west', null],
    ]),
  );
});

test('of nothing there is nothing', async () => {
  expect(await kql.rows(`${sales} | where amount > 99 | top-nested 2 of region by sum(amount)`)).toEqual([]);
});

test('with others is refused by name', async () => {
  await expect(
    kql.rows(`${sales} | top-nested 1 of region with others = "other" by sum(amount)`),
  ).rejects.toMatchObject({ name: 'top-nested with others' });
});
