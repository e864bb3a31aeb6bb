import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedEngine, testedEngine } from '../evaluate.fixture.ts';
import { KqlUnsupported } from '../kql-fault.ts';

let kql: TestedEngine;
beforeAll(async () => {
  const app = { Id: 'string', ItemCount: 'int' };
  kql = await testedEngine(
    { AppRequests: { ...app, Url: 'string' }, AppTraces: { ...app, Level: 'long' }, Usage: { Id: 'long' } },
    [
      `INSERT INTO "AppRequests" VALUES ('r1', 2, '/a')`,
      `INSERT INTO "AppTraces" VALUES ('t1', 1, 3)`,
      'INSERT INTO "Usage" VALUES (7)',
    ],
  );
});
afterAll(() => kql.close());

const left = 'let X = datatable(Key: string, Value1: long)["a", 1, "b", 2, "b", 3, "c", 4];';
const right = 'let Y = datatable(Key: string, Value2: long)["b", 10, "c", 20, "c", 30, "d", 40];';
const joined = (kind: string) =>
  kql.rows(`${left} ${right} X | join kind=${kind} Y on Key | sort by Key asc, Value1 asc`);

// The tables of the documentation's page on join.
test('joins of every kind', async () => {
  const inner = [
    ['b', 2, 'b', 10],
    ['b', 3, 'b', 10],
    ['c', 4, 'c', 20],
    ['c', 4, 'c', 30],
  ];
  const sorted = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();
  expect(sorted(await joined('inner'))).toEqual(sorted(inner));
  expect(sorted(await joined('leftouter'))).toEqual(sorted([...inner, ['a', 1, '', null]]));
  expect(sorted(await joined('rightouter'))).toEqual(sorted([...inner, ['', null, 'd', 40]]));
  expect(sorted(await joined('fullouter'))).toEqual(sorted([...inner, ['a', 1, '', null], ['', null, 'd', 40]]));
  expect(sorted(await joined('leftanti'))).toEqual(sorted([['a', 1]]));
  expect(sorted(await joined('leftsemi'))).toEqual(
    sorted([
      ['b', 2],
      ['b', 3],
      ['c', 4],
    ]),
  );
  const mirrored = (kind: string) => kql.rows(`${left} ${right} X | join kind=${kind} Y on Key | sort by Value2 asc`);
  expect(await mirrored('rightanti')).toEqual([['d', 40]]);
  expect(await mirrored('rightsemi')).toEqual([
    ['b', 10],
    ['c', 20],
    ['c', 30],
  ]);
});

test('a text that an outer join does not find is empty and not null', async () => {
  const missing = (kind: string, column: string) =>
    kql.rows(
      `${left} ${right} X | join kind=${kind} Y on Key | where ${column} == "" and not(${column} != "") | count`,
    );
  expect(await missing('leftouter', 'Key1')).toEqual([[1]]);
  expect(await missing('rightouter', 'Key')).toEqual([[1]]);
  expect(await missing('fullouter', 'strcat(Key1, "")')).toEqual([[1]]);
});

test('a join without a kind takes one left row a key', async () => {
  const rows = await kql.rows(`${left} ${right} X | join Y on Key`);
  expect(rows).toHaveLength(3);
  expect(rows.filter(([key]) => key === 'b')).toHaveLength(1);
});

test('a join by columns of two names, and by several', async () => {
  const query =
    'datatable(a: long, b: string)[1, "x", 2, "y"] | join kind=inner (datatable(c: int, b: string)[1, "x", 1, "z"]) on $left.a == $right.c, b';
  expect(await kql.names(query)).toEqual(['a', 'b', 'c', 'b1']);
  expect(await kql.rows(query)).toEqual([[1, 'x', 1, 'x']]);
});

test('null keys of a join are refused', async () => {
  const table = 'datatable(a: long)[long(null)]';
  await expect(kql.rows(`${table} | join kind=inner (${table}) on a`)).rejects.toThrow(/a join by null/);
});

test('lookup keeps the rows of the left and drops the keys of the right', async () => {
  const query = `${left} ${right} X | lookup Y on Key`;
  expect(await kql.names(query)).toEqual(['Key', 'Value1', 'Value2']);
  expect(await kql.rows(`${query} | where Key == "a"`)).toEqual([['a', 1, null]]);
  expect(await kql.rows(`${left} ${right} X | lookup kind=inner Y on Key | count`)).toEqual([[4]]);
});

test('union has every column, with the source where it is asked for', async () => {
  expect(await kql.names('union withsource=T App*')).toEqual(['T', 'Id', 'ItemCount', 'Url', 'Level']);
  expect(await kql.rows('union withsource=T App* | sort by T asc')).toEqual([
    ['AppRequests', 'r1', 2, '/a', null],
    ['AppTraces', 't1', 1, '', 3],
  ]);
  expect(await kql.rows('union kind=inner AppTraces, (AppTraces | where ItemCount > 1) | count')).toEqual([[1]]);
  expect(await kql.rows('AppRequests | union AppTraces | where Id == "t1" | project Id')).toEqual([['t1']]);
});

test('union names its sources by table, let and as, and others by their place', async () => {
  const query =
    'let V = AppRequests | where ItemCount > 0; union withsource=T V, AppTraces, (AppTraces | as Q), (AppTraces | where ItemCount > 0)';
  expect((await kql.rows(`${query} | project T | sort by T asc`)).flat()).toEqual([
    'AppTraces',
    'Q',
    'V',
    'union_arg3',
  ]);
  expect(
    await kql.rows('AppTraces | where ItemCount > 0 | union withsource=T AppRequests | project T | sort by T asc'),
  ).toEqual([['AppRequests'], ['union_arg0']]);
});

test('a column of two types becomes two', async () => {
  expect(await kql.names('union AppRequests, Usage | project-away ItemCount, Url')).toEqual(['Id_string', 'Id_long']);
  expect(await kql.rows('union AppRequests, Usage | where Id_long == 7 | project Id_string, Id_long')).toEqual([
    ['', 7],
  ]);
});

test('a union with isfuzzy leaves out what is not there', async () => {
  expect(await kql.rows('union isfuzzy=true AppTraces, NoSuchTable | project Id')).toEqual([['t1']]);
});

test('let names values, tables and functions, with defaults, named arguments and tables as arguments', async () => {
  expect(
    await kql.rows(
      'let n = 2; let f = (x: long, y: long = 10) { x * y + n }; print f(1), f(2, y = 1), f(y = 3, x = 1)',
    ),
  ).toEqual([[12, 4, 5]]);
  expect(
    await kql.rows(
      'let f = (T: (Id: string, ItemCount: int), least: long) { T | where ItemCount >= least }; f(AppRequests, 2) | union f(AppTraces, 2) | project Id',
    ),
  ).toEqual([['r1']]);
  expect(await kql.rows('let f = (T: (*)) { T | count }; f(Usage)')).toEqual([[1]]);
  expect(
    await kql.rows('let f = (x: long) { let twice = x * 2; twice + 1 }; AppTraces | extend y = f(Level) | project y'),
  ).toEqual([[7]]);
  expect(await kql.rows('let V = view () { AppTraces }; union V, AppRequests | count')).toEqual([[2]]);
});

test('toscalar, materialize, in with a table, and as', async () => {
  expect(
    await kql.rows(
      'let most = toscalar(AppTraces | summarize max(Level)); AppTraces | where Level == most | project Id',
    ),
  ).toEqual([['t1']]);
  expect(await kql.rows('print toscalar(range x from 1 to 9 step 1 | sort by x desc), toscalar(1 + 1)')).toEqual([
    [9, 2],
  ]);
  expect(await kql.rows('let M = materialize(AppTraces | project Level); M | union M | summarize sum(Level)')).toEqual([
    [6],
  ]);
  expect(await kql.rows('union App* | where Id in (AppTraces | project Id) | project Id')).toEqual([['t1']]);
  expect(await kql.rows('union App* | where Id !in (AppTraces) | project Id')).toEqual([['r1']]);
  expect(await kql.rows('AppTraces | as A | join kind=inner A on Id | project Id, Id1')).toEqual([['t1', 't1']]);
});

test.each([
  ['an operator that is not translated', 'print a = 1 | reduce by tostring(a)', /reduce/i],
  // The language service gives such a union the columns of all, and Azure those that are in both.
  ['a union of what tables have in common', 'union kind=inner AppRequests, AppTraces', /kind=inner/],
  ['search', 'search "x"', /search/],
  ['an inner part of a function', 'let f = (x: string) { parse_xml(x) }; AppTraces | extend f(Id)', /parse_xml/],
])('%s is refused by name', async (_what, query, name) => {
  await expect(kql.rows(query)).rejects.toThrow(name);
});

test('what is refused inside a function is told at its call', async () => {
  const query = 'let f = (x: string) { parse_xml(x) }; AppTraces | extend f(Id)';
  const refused = await kql.rows(query).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(KqlUnsupported);
  expect(refused).toMatchObject({ start: query.indexOf('f(Id)'), length: 5 });
});
