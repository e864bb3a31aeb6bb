import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Control, startControl } from '../../control/index.ts';
import { createEngine, type KqlEngine } from '../../kql/index.ts';
import { memoryTables } from '../../kql/memory-tables.fixture.ts';
import { kql } from '../kql.ts';
import { collect, runInProcess } from '../run-command.fixture.ts';

let folder: string;
let runFile: string;
let tables: Awaited<ReturnType<typeof memoryTables>>;
let engine: KqlEngine;
let control: Control;
const token = 'the token of this test';
const workspace = { schema: {}, rows: async function* () {}, place: async () => 0, dropped: async () => ({}) } as never;
const standIns = {
  switches: { destination: 'none', ingestion: 'none', 'service-bus': 'none' },
  workspace,
  story: async () => [],
  ledger: () => [],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kql-'));
  tables = await memoryTables(
    { AppRequests: { Name: 'string', ItemCount: 'int', Big: 'long', Properties: 'dynamic' } },
    [`INSERT INTO "AppRequests" VALUES ('GET /a', 2, 9007199254740993, '{"k":"v"}'), ('say "hi", you', 3, 1, NULL)`],
  );
  engine = createEngine({ tables });
  control = await startControl({
    token,
    standIns: { ...standIns, kql: engine },
  });
  runFile = join(folder, 'run.json');
  const run = {
    version: 1,
    pid: process.pid,
    level: 1,
    service: control.url,
    dashboard: control.url,
    ingestion: control.url,
    destination: control.url,
    token,
  };
  await writeFile(runFile, JSON.stringify(run));
});
afterAll(async () => {
  await control.stop();
  engine.close();
  tables.close();
  await rm(folder, { recursive: true });
});

const ask = (...args: string[]) => runInProcess(kql, [...args, '--run', runFile]);
const query = 'AppRequests | sort by Name asc';

test('rows come as one JSON object a line, whole numbers as they are', async () => {
  expect(await ask(query)).toEqual({
    code: 0,
    stdout:
      '{"Name":"GET /a","ItemCount":2,"Big":9007199254740993,"Properties":{"k":"v"}}\n{"Name":"say \\"hi\\", you","ItemCount":3,"Big":1,"Properties":null}\n',
    stderr: '',
  });
});

test('a number that JSON does not have is told by its name', async () => {
  expect((await ask('print a = real(nan), b = 1.0 / 0')).stdout).toBe('{"a":"NaN","b":"Infinity"}\n');
});

test('CSV has a head, and quotes where they are needed', async () => {
  expect((await ask(query, '--format', 'csv')).stdout).toBe(
    'Name,ItemCount,Big,Properties\nGET /a,2,9007199254740993,"{""k"":""v""}"\n"say ""hi"", you",3,1,\n',
  );
});

test('a terminal gets a table with numbers to the right', async () => {
  const { stdout, stderr } = await runInProcess(kql, [`${query} | project Name, ItemCount`, '--run', runFile], {
    terminal: { columns: 80 },
  });
  expect(stdout).toBe(
    'Name           ItemCount\n-------------  ---------\nGET /a                 2\nsay "hi", you          3\n',
  );
  expect(stderr).toBe('2 rows\n');
});

test('no rows are no failure', async () => {
  expect(await ask('AppRequests | where ItemCount > 100')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('an unknown column is marked with carets and answered with the nearest name', async () => {
  const { code, stderr } = await ask('AppRequests\n| where ItemCont > 1');
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean ItemCount?');
  expect(stderr).toContain('2 | | where ItemCont > 1\n            ^^^^^^^^\n');
});

test('what is not supported is marked too', async () => {
  const { code, stderr } = await ask('AppRequests | extend x = parse_xml(Name)');
  expect(code).toBe(2);
  expect(stderr).toContain('Not supported here: parse_xml()');
  expect(stderr).toContain('^^^^^^^^^^^^^^^');
});

test('--sql prints the translation and runs nothing', async () => {
  const { code, stdout } = await ask('AppRequests | where ItemCount > 2', '--sql');
  expect(code).toBe(0);
  expect(stdout).toContain('FROM "AppRequests" WHERE');
});

test('the query can come from a file or from standard input', async () => {
  const file = join(folder, 'question.kql');
  await writeFile(file, '// a question\nAppRequests | count');
  expect((await ask('--file', file)).stdout).toBe('{"Count":2}\n');
  const stdout = collect();
  const stderr = collect();
  const stdin = Readable.from(['AppRequests ', '| count']);
  await kql({ args: ['--run', runFile], env: {}, stdin, stdout: stdout.stream, stderr: stderr.stream });
  expect(stdout.text()).toBe('{"Count":2}\n');
});

test.each([
  ['two queries', ['print 1', 'print 2'], /one query/],
  ['a query and a file', ['print 1', '--file', 'x'], /one query/],
  ['a file that is not there', ['--file', 'no-such-file.kql'], /cannot be read/],
  ['an unknown format', ['print 1', '--format', 'xml'], /table, csv, json/],
  ['an empty query', [' '], /empty/],
  ['nothing at all', [], /query in quotes/],
])('%s: one sentence and exit code 2', async (_what, args, sentence) => {
  const { code, stderr } = await ask(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});

test('a run without tables says so', async () => {
  const bare = await startControl({
    token,
    standIns,
  });
  const file = join(folder, 'bare.json');
  const urls = { service: bare.url, dashboard: bare.url, ingestion: bare.url, destination: bare.url };
  await writeFile(file, JSON.stringify({ version: 1, pid: process.pid, level: 1, ...urls, token }));
  const { code, stderr } = await runInProcess(kql, ['print 1', '--run', file]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'This run has no tables that KQL can be asked of.\n' });
  await bare.stop();
});

test('--help needs nothing running', async () => {
  expect((await runInProcess(kql, ['--help'])).code).toBe(0);
});
