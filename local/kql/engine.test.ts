import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type KqlEngine, KqlError } from './index.ts';
import { memoryTables } from './memory-tables.fixture.ts';

type Tables = Awaited<ReturnType<typeof memoryTables>>;
let tables: Tables;
let engine: KqlEngine;
let clock = new Date('2026-03-01T12:00:00Z');

beforeAll(async () => {
  tables = await memoryTables(
    { AppRequests: { TimeGenerated: 'datetime', Name: 'string', ItemCount: 'int', DurationMs: 'real' } },
    [`INSERT INTO "AppRequests" SELECT 639079632000000000 + i * 600000000, 'n' || i % 3, 2, i FROM range(10) AS r(i)`],
  );
  engine = createEngine({ tables, now: () => clock });
});
afterAll(() => {
  engine.close();
  tables.close();
});

const faultOf = async (query: string) => {
  const fault = await engine.run(query).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(KqlError);
  return fault as KqlError;
};

test('a result has named columns with KQL types, and rows by name', async () => {
  expect(
    await engine.run(
      'AppRequests | summarize calls = sum(ItemCount), p95 = percentile(DurationMs, 95) by Name | sort by Name asc',
    ),
  ).toEqual({
    columns: [
      { name: 'Name', type: 'string' },
      { name: 'calls', type: 'long' },
      { name: 'p95', type: 'real' },
    ],
    rows: [
      { Name: 'n0', calls: 8, p95: 9 },
      { Name: 'n1', calls: 6, p95: 7 },
      { Name: 'n2', calls: 6, p95: 8 },
    ],
  });
});

test('a query that is kept reads the clock anew', async () => {
  const query = 'AppRequests | where TimeGenerated > ago(5m) | count';
  const last = new Date((639079632000000000 - 621355968000000000) / 10_000 + 9 * 60_000);
  clock = last;
  expect((await engine.run(query)).rows).toEqual([{ Count: 5 }]);
  clock = new Date(last.getTime() + 3 * 60_000);
  expect((await engine.run(query)).rows).toEqual([{ Count: 2 }]);
  expect((await engine.run('print now()')).rows[0]?.print_0).toBe(clock.toISOString().replace('Z', '0000Z'));
});

test.each([
  ['a column', 'AppRequests | where DurationMS > 1', 'KS142', 'DurationMs', 'DurationMS'],
  ['a table', 'AppRequest | count', 'KS204', 'AppRequests', 'AppRequest'],
  ['a function', 'AppRequests | extend x = strct(Name)', 'KS211', 'strcat', 'strct'],
  ['an operator', 'AppRequests | sumarize count()', 'KS176', 'summarize', 'sumarize'],
])('%s that is not known is told with its place and the nearest name', async (_what, query, code, nearest, name) => {
  const fault = await faultOf(query);
  expect(fault).toMatchObject({ code, start: query.indexOf(name), length: name.length });
  expect(fault.message).toContain(`Did you mean ${nearest}?`);
});

test('a name that is like nothing gets no suggestion', async () => {
  expect((await faultOf('AppRequests | where Zebra == 1')).message).not.toContain('Did you mean');
});

test('a query that takes too long is stopped, and the next one runs', async () => {
  const hasty = createEngine({ tables, limits: { seconds: 0.2 } });
  const slow =
    'range x from 1 to 300000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 300000 step 1 | extend k = 1) on k | summarize sum(x * y)';
  await expect(hasty.run(slow)).rejects.toMatchObject({ code: 'TooSlow' });
  expect((await hasty.run('print 1')).rows).toEqual([{ print_0: 1 }]);
  hasty.close();
});

test('a number that its type does not hold stops the query instead of being wrong', async () => {
  expect(await faultOf('AppRequests | extend x = 9223372036854775807 + ItemCount')).toMatchObject({ code: 'Overflow' });
});

test('a function of the workspace is named like a table', async () => {
  const functions = { _Slow: 'let least = 5;\nAppRequests | where DurationMs > least | project Name, DurationMs' };
  const withFunction = createEngine({ tables, functions });
  expect((await withFunction.run('_Slow | summarize n = count()')).rows).toEqual([{ n: 4 }]);
  expect((await withFunction.run('union withsource=T _Slow | distinct T')).rows).toEqual([{ T: '_Slow' }]);
  await expect(withFunction.run('_Slow | where ItemCount > 1')).rejects.toThrow(/ItemCount/);
  withFunction.close();
});

test('queries can run at once', async () => {
  const counts = await Promise.all([1, 2, 3].map((n) => engine.run(`AppRequests | take ${n} | count`)));
  expect(counts.map(({ rows }) => rows[0]?.Count)).toEqual([1, 2, 3]);
});

test('the translation can be read, and a text cannot end itself', async () => {
  expect((await engine.translate('AppRequests | take 1')).sql).toContain('LIMIT');
  const sneaky = `print x = "'; DROP TABLE AppRequests; --", y = @'a" b'`;
  expect((await engine.run(sneaky)).rows).toEqual([{ x: "'; DROP TABLE AppRequests; --", y: 'a" b' }]);
  expect((await engine.run(`print ['a"b'] = 1`)).rows).toEqual([{ 'a"b': 1 }]);
});

test('comments stand anywhere', async () => {
  const query =
    '// first\nAppRequests // 1h\n| where // a reason\n  ItemCount > // "2"\n 1 // last\n| summarize n = // why\n count() by bin( // each\n DurationMs, // five\n 5.0)\n| count';
  expect((await engine.run(query)).rows).toEqual([{ Count: 2 }]);
  await expect(engine.run('AppRequests\n// none\n| evaluate narrow()')).rejects.toMatchObject({
    name: 'evaluate narrow()',
  });
});

test('an empty query is refused with a sentence', async () => {
  await expect(engine.run(' // nothing')).rejects.toThrow();
});
