import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  kql = await testedEngine();
});
afterAll(() => kql.close());

const event =
  'Event: NotifySliceRelease (resourceName=PipelineScheduler, totalSlices=27, sliceNumber=23, lockTime=02/17/2016 08:40:01, releaseTime=02/17/2016 08:40:01)';
const traces = (...texts: string[]) => `datatable(T: string)[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;

test('parse finds texts, numbers and times between its constants', async () => {
  const pattern =
    '* "resourceName=" r ", totalSlices=" n: long * "sliceNumber=" s: long * "lockTime=" l ", releaseTime=" d: date ")" *';
  expect(await kql.rows(`${traces(event)} | parse T with ${pattern} | project r, n, s, l, d`)).toEqual([
    ['PipelineScheduler', 27, 23, '02/17/2016 08:40:01', '2016-02-17T08:40:01.0000000Z'],
  ]);
});

test('one value of another type empties all columns of a strict parse and one of a relaxed', async () => {
  const text = 'a=1, b=two, c=x';
  const query = (kind: string) =>
    `${traces(text)} | parse kind=${kind} T with "a=" a: long ", b=" b: long ", c=" c | project a, b, c`;
  expect(await kql.rows(query('simple'))).toEqual([[null, null, '']]);
  expect(await kql.rows(query('relaxed'))).toEqual([[1, null, 'x']]);
});

test('parse looks at the whole text: what is left over on either side must be named by *', async () => {
  const found = async (pattern: string) =>
    (await kql.rows(`${traces('xx a=1 yy')} | parse T with ${pattern} | project a`)).flat();
  expect(await found('"a=" a " yy"')).toEqual(['']);
  expect(await found('* "a=" a " yy"')).toEqual(['1']);
  expect(await found('* "a=" a: long *')).toEqual([1]);
  expect(await found('* "a=" a')).toEqual(['1 yy']);
});

test('parse with regular expressions is greedy, and its flags hold', async () => {
  const query = (flags: string, text: string) =>
    `${traces(event)} | parse kind=regex ${flags} T with * "${text}=" r ',' * | project r`;
  expect(await kql.rows(query('', 'resourceName'))).toEqual([
    ['PipelineScheduler, totalSlices=27, sliceNumber=23, lockTime=02/17/2016 08:40:01'],
  ]);
  expect(await kql.rows(query('flags=Ui', 'RESOURCENAME'))).toEqual([['PipelineScheduler']]);
  expect(await kql.rows(query('', 'RESOURCENAME'))).toEqual([['']]);
  const grouped = `${traces('key=5 previousvalue=7')} | parse kind=regex T with "key=" k: long ".*?(previous)?value=" v: long | project k, v`;
  expect(await kql.rows(grouped)).toEqual([[5, 7]]);
});

test('parse-where keeps the rows that fit', async () => {
  expect(await kql.rows(`${traces('a=1', 'a=x', 'b=1')} | parse-where T with "a=" a: long | project a`)).toEqual([[1]]);
});

test('mv-expand makes a row of each element, of each pair of a bag, and of null', async () => {
  const table =
    'datatable(a: long, b: dynamic)[1, dynamic([10, 20]), 2, dynamic({"x": 1, "y": 2}), 3, dynamic(null), 4, dynamic([])]';
  expect(await kql.rows(`${table} | sort by a asc | mv-expand b`)).toEqual([
    [1, 10],
    [1, 20],
    [2, { x: 1 }],
    [2, { y: 2 }],
    [3, null],
  ]);
  expect(await kql.rows(`${table} | where a == 2 | mv-expand kind=array b`)).toEqual([
    [2, ['x', 1]],
    [2, ['y', 2]],
  ]);
});

test('mv-expand goes through several columns side by side, with an index and a limit', async () => {
  const table = 'datatable(a: long, b: dynamic, c: dynamic)[1, dynamic(["x", "y"]), dynamic([5, 6, 7])]';
  expect(await kql.rows(`${table} | mv-expand with_itemindex=i b, c`)).toEqual([
    [1, 'x', 5, 0],
    [1, 'y', 6, 1],
    [1, null, 7, 2],
  ]);
  expect(await kql.rows(`${table} | mv-expand n = c to typeof(long) limit 2 | project n`)).toEqual([[5], [6]]);
});

test('the type of mv-expand is a cast: other kinds are null', async () => {
  expect(await kql.rows('print d = dynamic(["5", 6, null, true]) | mv-expand d to typeof(long)')).toEqual([
    [null],
    [6],
    [null],
    [null],
  ]);
  expect(await kql.rows('print d = dynamic(["a", null]) | mv-expand d to typeof(string)')).toEqual([['a'], ['']]);
});

test('mv-apply asks a query of the elements of each row', async () => {
  const table = 'datatable(a: long, l: dynamic)[1, dynamic([5, 1, 3]), 2, dynamic([2, 4, 6, 8])]';
  expect(
    await kql.rows(`${table} | mv-apply x = l to typeof(long) on (top 2 by x) | project a, x | sort by a asc, x desc`),
  ).toEqual([
    [1, 5],
    [1, 3],
    [2, 8],
    [2, 6],
  ]);
  expect(
    await kql.rows(
      `${table} | mv-apply x = l to typeof(long) on (summarize s = sum(x)) | project a, s | sort by a asc`,
    ),
  ).toEqual([
    [1, 9],
    [2, 20],
  ]);
  expect(
    await kql.rows(
      `${table} | mv-apply with_itemindex=i l on (where l == 3 or i == 0 | project found = l) | extend found = tolong(found) | sort by a asc, found desc`,
    ),
  ).toEqual([
    [1, 5],
    [1, 3],
    [2, 2],
  ]);
  expect(await kql.names(`${table} | mv-apply l on (summarize make_list(l))`)).toEqual(['a', 'list_l']);
});

test('mv-apply leaves out a row whose list is empty, and refuses to make a row of it', async () => {
  const table = 'datatable(a: long, l: dynamic)[1, dynamic([]), 2, dynamic([7])]';
  expect(await kql.rows(`${table} | mv-apply l on (where l > 5)`)).toEqual([[2, 7]]);
  await expect(kql.rows(`${table} | mv-apply l to typeof(long) on (summarize sum(l))`)).rejects.toThrow(/empty list/);
});

const purchases = `datatable(At: datetime, Shop: string, Price: real)[
  datetime(2016-09-10 05:00), "N", 4, datetime(2016-09-10 09:00), "N", 6, datetime(2016-09-12), "N", 10,
  datetime(2016-09-13), "N", 99, datetime(2016-09-11), "S", 1]`;
const days = (...each: number[]) => each.map((day) => `2016-09-${day}T00:00:00.0000000Z`);

test('make-series fills every bin from its start to before its end', async () => {
  const query = `${purchases} | make-series avg(Price), n = count() default = -1 on At from datetime(2016-09-10) to datetime(2016-09-13) step 1d by Shop | sort by Shop asc`;
  expect(await kql.names(query)).toEqual(['Shop', 'avg_Price', 'n', 'At']);
  expect(await kql.rows(query)).toEqual([
    ['N', [5, 0, 10], [2, -1, 1], days(10, 11, 12)],
    ['S', [0, 1, 0], [-1, 1, -1], days(10, 11, 12)],
  ]);
});

test('make-series counts its bins from where it starts', async () => {
  const query = `${purchases} | make-series n = count() on At from datetime(2016-09-09 08:00) to datetime(2016-09-12) step 1d`;
  expect(await kql.rows(query)).toEqual([
    [
      [1, 2, 0],
      ['2016-09-09T08:00:00.0000000Z', '2016-09-10T08:00:00.0000000Z', '2016-09-11T08:00:00.0000000Z'],
    ],
  ]);
});

test('make-series without an end has the bins of each series', async () => {
  const query = `${purchases} | make-series n = count() on At step 1d by Shop | sort by Shop asc`;
  expect(await kql.rows(query)).toEqual([
    ['N', [2, 0, 1, 1], days(10, 11, 12, 13)],
    ['S', [1], days(11)],
  ]);
});

test('make-series of nothing has no row, unless it is told to', async () => {
  const series = (kind: string) =>
    kql.rows(
      `${purchases} | where Price > 1000 | make-series ${kind} n = count() on At from datetime(2016-09-10) to datetime(2016-09-12) step 1d`,
    );
  expect(await series('')).toEqual([]);
  expect(await series('kind=nonempty')).toEqual([[[0, 0], days(10, 11)]]);
});

test.each([
  [
    'a series of too many cells',
    'datatable(t: datetime)[datetime(2016-09-10)] | make-series count() on t from datetime(2000-01-01) to datetime(2020-01-01) step 1s',
    /too many rows/,
  ],
  ['a range without end', 'range x from 1 to 100000000000 step 1 | count', /too many rows/],
])('%s is stopped before it takes the memory', async (_what, query, sentence) => {
  await expect(kql.rows(query)).rejects.toThrow(sentence);
});

test('what a series or an expansion does not know is refused', async () => {
  await expect(kql.rows(`${purchases} | make-series count() on Price step 1`)).rejects.toBeInstanceOf(KqlUnsupported);
  await expect(
    kql.rows(`${purchases} | make-series count() on At in range(datetime(2016-09-10), datetime(2016-09-12), 1d)`),
  ).rejects.toBeInstanceOf(KqlUnsupported);
});
