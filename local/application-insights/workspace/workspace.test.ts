import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Row, type Tables, tables } from '../tables.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

const now = () => new Date('2026-11-22T12:00:00Z');
const opened: Workspace[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables ü '));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((workspace) => workspace.stop()));
  await rm(folder, { recursive: true, force: true });
});

const open = async (options: WorkspaceOptions = {}, schema: Tables = tables) => {
  const workspace = await openWorkspace(schema, { now, ...options });
  opened.push(workspace);
  return workspace;
};
const inFile = () => ({ file: join(folder, 'telemetry.duckdb') });
const event = (fields: object = {}): Row => ({
  TimeGenerated: '2026-11-22T10:00:00.0000000Z',
  Type: 'AppEvents',
  ...fields,
});
const ask = async (workspace: Workspace, sql: string) => {
  const connection = await workspace.connection();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
  }
};
const rowsOf = async (workspace: Workspace, ...question: Parameters<Workspace['rows']>) => {
  const found: Row[] = [];
  for await (const piece of workspace.rows(...question)) found.push(...piece);
  return found;
};
const names = async (workspace: Workspace, ...question: Parameters<Workspace['rows']>) =>
  (await rowsOf(workspace, ...question)).map(({ Name }) => Name);

test('a query sees each row once it has been added, and those from before the first question', async () => {
  const workspace = await open({ earlier: () => [event({ Name: 'earlier' })] });
  const connection = await workspace.connection();
  const count = async () => (await connection.runAndReadAll('SELECT count(*) FROM AppEvents')).getRows()[0]?.[0];
  expect(await count()).toBe(1n);
  for (let n = 2; n <= 5; n++) {
    await workspace.add([event({ Name: `${n}` })]);
    expect(await count()).toBe(BigInt(n));
  }
});

test('batches that come at the same time are all in when their senders hear of it', async () => {
  const workspace = await open(inFile());
  const add = async (n: number) => {
    await workspace.add([event({ Name: `${n}` }), event({ Name: `${n}` })]);
    return ask(workspace, `SELECT count(*) FROM AppEvents WHERE Name = '${n}'`);
  };
  const counts = await Promise.all(Array.from({ length: 20 }, (_, n) => add(n)));
  expect(counts.flat(2)).toEqual(Array.from({ length: 20 }, () => 2n));
});

test('times keep their ticks of 100 ns, as a number for queries and as text for readers', async () => {
  const workspace = await open();
  const times = ['0001-01-01T00:00:00.0000001Z', '1969-12-31T23:59:59.9999999Z', '2026-11-22T10:00:00.1234567Z'];
  await workspace.place();
  await workspace.add(times.map((StartTime) => ({ ...event(), Type: 'Usage', StartTime })));
  expect((await ask(workspace, 'SELECT StartTime FROM Usage')).flat()).toEqual([
    1n,
    621_355_967_999_999_999n,
    639_309_384_001_234_567n,
  ]);
  expect((await rowsOf(workspace, 'Usage')).map(({ StartTime }) => StartTime)).toEqual(times);
});

test('a string without a value is empty, everything else is null, and readers get neither', async () => {
  const workspace = await open();
  await workspace.connection();
  await workspace.add([{ ...event(), Type: 'AppRequests' }]);
  const asked = 'SELECT Name, DurationMs, Success, ItemCount, Properties FROM AppRequests';
  expect(await ask(workspace, asked)).toEqual([['', null, null, null, null]]);
  expect(await rowsOf(workspace, 'AppRequests')).toEqual([
    { ...event(), Type: 'AppRequests', _BilledSize: expect.any(Number), _IsBillable: 'true' },
  ]);
});

test('a row comes back as it was, whatever its texts hold', async () => {
  const workspace = await open();
  await workspace.connection();
  const Properties = { quote: `"'\\`, line: 'a\nb', zero: 'a\u0000b', emoji: '😀', half: '\ud800', path: '\\ud800' };
  const row = event({
    Name: `it's "😀" \\`,
    Properties,
    Measurements: { a: 0.1, b: 1e300 },
    ItemCount: 3,
    _BilledSize: 1,
    _IsBillable: 'true',
  });
  await workspace.add([row]);
  expect(await rowsOf(workspace, 'AppEvents')).toEqual([{ ...row, Properties: { ...Properties, half: '\ufffd' } }]);
  expect(await ask(workspace, "SELECT json_extract_string(Properties, '$.path') FROM AppEvents")).toEqual([
    ['\\ud800'],
  ]);
});

test('a number that its column cannot hold becomes null, and the batch is taken', async () => {
  const workspace = await open();
  await workspace.connection();
  await workspace.add([event({ Name: 'large', ItemCount: 2 ** 31 }), event({ Name: 'fits', ItemCount: 2 ** 31 - 1 })]);
  expect(await ask(workspace, 'SELECT ItemCount FROM AppEvents ORDER BY Name')).toEqual([[2 ** 31 - 1], [null]]);
});

test('of a batch that cannot be taken nothing is in, and the next one is taken', async () => {
  const workspace = await open(inFile());
  const wrong = event({ Name: 'wrong', TimeGenerated: 'soon' });
  const right: Row = { ...event(), Type: 'AppTraces' };
  await expect(workspace.add([right, event({ Name: 'before' }), wrong])).rejects.toThrow(
    '"soon" is no ISO date and time',
  );
  await workspace.add([event({ Name: 'next' })]);
  expect(await names(workspace, 'AppEvents')).toEqual(['next']);
  expect(await rowsOf(workspace, 'AppTraces')).toEqual([]);
});

test('rows are kept across a restart, and go on in their order', async () => {
  const first = await open(inFile());
  await first.add([event({ Name: 'a' }), event({ Name: 'b' })]);
  await first.stop();
  const second = await open(inFile());
  const place = await second.place();
  await second.add([event({ Name: 'c' })]);
  expect(await names(second, 'AppEvents')).toEqual(['a', 'b', 'c']);
  expect(await names(second, 'AppEvents', { from: place })).toEqual(['c']);
});

test('rows can be asked for by operation, place, name, count and what they mention', async () => {
  const workspace = await open();
  const rows = ['a', 'b', 'c', 'd'].map((Name) => event({ Name, OperationId: `operation-${Name}` }));
  await workspace.place();
  await workspace.add([...rows, event({ Properties: { orderId: 'order.(1)' } })]);
  expect(await names(workspace, 'AppEvents', { operationId: 'operation-b' })).toEqual(['b']);
  expect(await names(workspace, 'AppEvents', { from: 1, to: 3 })).toEqual(['b', 'c']);
  expect(await names(workspace, 'AppEvents', { last: 2, named: true })).toEqual(['c', 'd']);
  expect(await names(workspace, 'AppEvents', { mentions: ['order.(1)', 'ration-c'] })).toEqual(['c', undefined]);
  expect(await names(workspace, 'AppEvents', { mentions: ['order.1'] })).toEqual([]);
  expect(await names(workspace, 'Usage', { operationId: 'x' })).toEqual([]);
  await expect(names(workspace, 'toString')).rejects.toThrow(/no table "toString"; choose one of AppRequests/);
});

test('rows of before the oldest day are dropped when the tables are opened, and the number is told', async () => {
  const first = await open({ ...inFile(), maxAgeDays: 30 });
  await first.add([
    event({ Name: 'older', TimeGenerated: '2026-11-12T11:59:59.9999999Z' }),
    event({ Name: 'just', TimeGenerated: '2026-11-12T12:00:00.0000000Z' }),
    { ...event({ TimeGenerated: '2026-11-01T00:00:00Z' }), Type: 'AppTraces' },
  ]);
  expect(await first.dropped()).toEqual({});
  await first.stop();
  const second = await open({ ...inFile(), maxAgeDays: 10 });
  expect(await names(second, 'AppEvents')).toEqual(['just']);
  expect(await second.dropped()).toEqual({ AppEvents: 1, AppTraces: 1 });
});

test('tables that are too large drop the rows that came first, of whatever table, down to below their bound', async () => {
  const workspace = await open({ maxBytes: 1_000 });
  await workspace.place();
  await workspace.add([{ ...event({ _BilledSize: 100 }), Type: 'AppTraces' }]);
  for (let n = 0; n < 9; n++) await workspace.add([event({ Name: `${n}`, _BilledSize: 100 })]);
  expect(await workspace.dropped()).toEqual({});
  await workspace.add([event({ Name: '9', _BilledSize: 100 })]);
  expect(await workspace.dropped()).toEqual({ AppTraces: 1, AppEvents: 1 });
  expect(await names(workspace, 'AppEvents')).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  await workspace.add([event({ Name: 'larger than all', _BilledSize: 5_000 })]);
  expect(await names(workspace, 'AppEvents')).toEqual([]);
});

test('columns whose names differ by case only are both there', async () => {
  const schema = {
    ...tables,
    AppEvents: { ...tables.AppEvents, StackTrace: 'string', Stacktrace: 'string' },
  } as Tables;
  const workspace = await open({}, schema);
  await workspace.place();
  await workspace.add([event({ StackTrace: 'one', Stacktrace: 'two' })]);
  expect(await rowsOf(workspace, 'AppEvents')).toMatchObject([{ StackTrace: 'one', Stacktrace: 'two' }]);
  expect(await ask(workspace, 'SELECT StackTrace, Stacktrace_1 FROM AppEvents')).toEqual([['one', 'two']]);
});

test('a table whose columns were others keeps its rows with those that both have', async () => {
  const { Name: _name, ItemCount: _count, ...rest } = tables.AppEvents;
  const before = {
    ...tables,
    AppEvents: { ...rest, ItemCount: 'string', Gone: 'string', OperationId: 'string' },
  } as unknown;
  const first = await open(inFile(), before as Tables);
  await first.add([event({ Gone: 'x', ItemCount: '3', OperationId: 'kept' })]);
  await first.stop();
  const second = await open(inFile());
  await second.add([event({ Name: 'new' })]);
  const billed = { _BilledSize: expect.any(Number), _IsBillable: 'true' };
  expect(await rowsOf(second, 'AppEvents')).toEqual([
    { ...event({ OperationId: 'kept' }), ...billed },
    { ...event({ Name: 'new' }), ...billed },
  ]);
});

test('queries compute as Kusto does: in UTC, and a division by zero is infinite', async () => {
  const workspace = await open();
  expect(await ask(workspace, "SELECT current_setting('TimeZone'), 1::DOUBLE / 0")).toEqual([
    ['UTC', Number.POSITIVE_INFINITY],
  ]);
});

test('nothing is fetched from elsewhere, and tables in memory write no file', async () => {
  const workspace = await open({ memoryLimitMb: 64 });
  await expect(ask(workspace, "SELECT * FROM 'https://127.0.0.1:9/x.csv'")).rejects.toThrow(/httpfs/);
  const settings = await ask(workspace, "SELECT current_setting('memory_limit'), current_setting('temp_directory')");
  expect(settings).toEqual([['61.0 MiB', '']]);
  await open(inFile());
  expect((await readdir(folder)).filter((name) => !name.startsWith('telemetry.duckdb'))).toEqual([]);
});

test('a query that still runs at the end is ended, and so is a reader that has not come to its end', async () => {
  const workspace = await open(inFile());
  for (let batch = 0; batch < 10; batch++) await workspace.add(Array.from({ length: 500 }, () => event()));
  const reader = workspace.rows('AppEvents');
  await reader.next();
  const connection = await workspace.connection();
  const endless = connection.run(
    'SELECT count(*) FROM range(100000000) a, range(100000) b WHERE (a.range * b.range) % 7 = 3',
  );
  const outcome = endless.then(() => 'an answer', String);
  await workspace.stop();
  expect(await outcome).toContain('INTERRUPT');
  const again = await open(inFile());
  expect(await rowsOf(again, 'AppEvents')).toHaveLength(5_000);
});

test('a database that cannot be opened fails the question, and rows are taken all the same', async () => {
  const workspace = await open({ memoryLimitMb: Number.NaN });
  await expect(workspace.connection()).rejects.toThrow('The tables in memory could not be made');
  await workspace.add([event()]);
});
