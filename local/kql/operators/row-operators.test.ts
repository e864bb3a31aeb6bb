import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const people = `datatable(Name: string, Age: long, Town: string)
  ["Ada", 36, "London", "Bob", long(null), "Paris", "Cy", 20, "", "Dee", 36, "Oslo"]`;

test('sort goes down with nulls last, up with nulls first, and as it is told', async () => {
  const ages = async (sort: string) => (await kql.rows(`${people} | sort by ${sort} | project Age`)).flat();
  expect(await ages('Age')).toEqual([36, 36, 20, null]);
  expect(await ages('Age asc')).toEqual([null, 20, 36, 36]);
  expect(await ages('Age asc nulls last')).toEqual([20, 36, 36, null]);
  expect(await ages('Age desc nulls first')).toEqual([null, 36, 36, 20]);
});

test('decimals are sorted as numbers', async () => {
  const table = 'datatable(x: decimal)[decimal(9), decimal(10), decimal(-1)]';
  expect((await kql.rows(`${table} | sort by x desc`)).flat()).toEqual([
    '10.000000000000',
    '9.000000000000',
    '-1.000000000000',
  ]);
});

test('NaN stands beside null', async () => {
  const table = 'datatable(x: real)[5, real(nan), real(-inf), real(null), 0, real(+inf), -5]';
  const order = async (sort: string) => (await kql.rows(`${table} | sort by x ${sort}`)).flat();
  expect(await order('asc nulls first')).toEqual([null, NaN, -Infinity, -5, 0, 5, Infinity]);
  expect(await order('asc nulls last')).toEqual([-Infinity, -5, 0, 5, Infinity, NaN, null]);
  expect(await order('desc nulls first')).toEqual([null, NaN, Infinity, 5, 0, -5, -Infinity]);
  expect(await order('desc nulls last')).toEqual([Infinity, 5, 0, -5, -Infinity, NaN, null]);
});

test('the order of a sort outlives what follows row by row, also where its column goes or changes', async () => {
  const sorted = `${people} | sort by Age asc, Name desc`;
  const expected = [['Bob'], ['Cy'], ['Dee'], ['Ada']];
  expect(await kql.rows(`${sorted} | project Name`)).toEqual(expected);
  expect(await kql.rows(`${sorted} | extend Age = 1 | where Age == 1 | project Name`)).toEqual(expected);
  expect(await kql.rows(`${sorted} | project-away Age | project Name | take 3`)).toEqual(expected.slice(0, 3));
  expect(await kql.rows(`${sorted} | project Age = Name, Name = Town | project Age`)).toEqual(expected);
});

test('top keeps the first by its order', async () => {
  expect(await kql.rows(`${people} | top 2 by Name asc | project Name`)).toEqual([['Ada'], ['Bob']]);
  expect(await kql.rows(`let n = 1; ${people} | top n by Age * 2 + strlen(Name) | project Name`)).toEqual([['Ada']]);
});

test('where drops rows whose condition is null', async () => {
  const names = async (condition: string) =>
    (await kql.rows(`${people} | where ${condition} | project Name | sort by Name asc`)).flat();
  expect(await names('Age > 20')).toEqual(['Ada', 'Dee']);
  expect(await names('not(Age > 20)')).toEqual(['Cy']);
  expect(await names('Age != 36')).toEqual(['Bob', 'Cy']);
  expect(await names('Age == 36 or Town == "Paris"')).toEqual(['Ada', 'Bob', 'Dee']);
  expect(await names('(Age == 36) == false')).toEqual(['Bob', 'Cy']);
  expect(await names('not(Age == 36)')).toEqual(['Bob', 'Cy']);
  expect(await names('isempty(Town)')).toEqual(['Cy']);
});

test('columns are added in place, renamed, dropped and reordered', async () => {
  expect(await kql.names(`${people} | extend Age = Age + 1, Old = Age`)).toEqual(['Name', 'Age', 'Town', 'Old']);
  expect(await kql.rows(`${people} | where Name == "Ada" | extend Age = Age + 1, Old = Age`)).toEqual([
    ['Ada', 37, 'London', 36],
  ]);
  expect(await kql.names(`${people} | extend strcat(Name, "!"), Age + 1`)).toEqual([
    'Name',
    'Age',
    'Town',
    'Column1',
    'Column2',
  ]);
  expect(await kql.names(`${people} | project-rename First = Name`)).toEqual(['First', 'Age', 'Town']);
  expect(await kql.names(`${people} | project-away Na*`)).toEqual(['Age', 'Town']);
  expect(await kql.names(`${people} | project-keep A*, Town`)).toEqual(['Age', 'Town']);
  expect(await kql.names(`${people} | project-reorder Town, *`)).toEqual(['Town', 'Name', 'Age']);
  expect(await kql.names('print d = dynamic({"a": {"b": 1}}) | project d.a.b, d["x y"]')).toEqual(['d_a_b', 'd_x y']);
});

test('columns whose names differ in case only stay apart', async () => {
  const query =
    'datatable(Trace: string, trace: string)["a", "b"] | where trace == "b" | extend TRACE = strcat(Trace, trace)';
  expect(await kql.names(query)).toEqual(['Trace', 'trace', 'TRACE']);
  expect(await kql.rows(`${query} | project TRACE, Trace, trace`)).toEqual([['ab', 'a', 'b']]);
  expect(await kql.rows(`${query} | summarize n = count() by Trace, trace`)).toEqual([['a', 'b', 1]]);
});

test('distinct, count, getschema', async () => {
  expect(await kql.rows(`${people} | distinct Age | sort by Age asc`)).toEqual([[null], [20], [36]]);
  expect(await kql.rows(`${people} | distinct * | count`)).toEqual([[4]]);
  expect(await kql.rows(`${people} | getschema | project ColumnName, ColumnOrdinal, ColumnType`)).toEqual([
    ['Name', 0, 'string'],
    ['Age', 1, 'long'],
    ['Town', 2, 'string'],
  ]);
  expect(await kql.rows(`${people} | render timechart | count`)).toEqual([[4]]);
});

test.each([
  ['from 1 to 5 step 2', [1, 3, 5]],
  ['from 5 to 1 step -2', [5, 3, 1]],
  ['from 5 to 1 step 1', []],
  ['from 1.0 to 2 step 0.5', [1, 1.5, 2]],
  ['from 1h to 3h step 1h', ['01:00:00', '02:00:00', '03:00:00']],
  [
    'from datetime(2020-01-01) to datetime(2020-01-02) step 12h',
    ['2020-01-01T00:00:00.0000000Z', '2020-01-01T12:00:00.0000000Z', '2020-01-02T00:00:00.0000000Z'],
  ],
])('range x %s includes both ends', async (range, expected) => {
  expect((await kql.rows(`range x ${range}`)).flat()).toEqual(expected);
});

test('a range can end where another query says, or the clock', async () => {
  expect(await kql.rows('let n = toscalar(print 3); range x from 1 to n step 1')).toEqual([[1], [2], [3]]);
  expect(await kql.rows('range t from ago(2h) to now() step 1h | count')).toEqual([[3]]);
});

test('a datatable holds values of every type, and may be empty', async () => {
  const types = 'datatable(a: bool, b: int, c: real, d: timespan, e: guid, f: dynamic, g: decimal)';
  expect(
    await kql.rows(`${types}[true, 1, 2, 1h, guid(12e8b78d-55b4-46ae-b068-26d7a0080254), dynamic([1]), decimal(1.5)]`),
  ).toEqual([[true, 1, 2, '01:00:00', '12e8b78d-55b4-46ae-b068-26d7a0080254', [1], '1.500000000000']]);
  expect(await kql.rows(`${types}[]`)).toEqual([]);
  expect(await kql.rows('datatable(s: string, x: long)["", long(null)]')).toEqual([['', null]]);
});
