import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedDashboard, testedDashboard } from '../dashboard.fixture.ts';
import { requestRow } from '../story-rows.fixture.ts';
import type { Completions, QueryCheck, QueryProblem, QueryResult, SavedQueries, TableSchema } from './contract.ts';

let tested: TestedDashboard;
beforeAll(async () => {
  tested = await testedDashboard({ root: join(import.meta.dirname, '..', '..', '..') });
  await tested.add(
    requestRow({ operation: 'new', id: 'r', ago: 60, ms: 2 }),
    requestRow({ operation: 'old', id: 'r', ago: 7_200, ms: 2 }),
  );
});
afterAll(() => tested.stop());

const run = async (query: string, range?: string) =>
  (await tested.send<QueryResult>('POST', '/api/query', { query, ...(range && { range }) })).body.data;

test('the range of the page bounds a query, unless the query sets its time itself', async () => {
  const query = 'AppRequests | project OperationId';
  expect(await run(query, '1h')).toMatchObject({
    rows: [{ OperationId: 'new' }],
    total: 1,
    read: 2,
    timeSetIn: 'range',
  });
  expect(await run(query)).toMatchObject({ total: 2, timeSetIn: 'query' });
  const own = 'AppRequests | where TimeGenerated > ago(1d) | project OperationId';
  expect(await run(own, '1h')).toMatchObject({ total: 2, timeSetIn: 'query', query: own });
});

test('a number that JavaScript cannot hold is text', async () => {
  expect(await run('print n = 9007199254740993')).toMatchObject({ rows: [{ n: '9007199254740993' }] });
});

test('a fault tells its place in the text of its author, not of what was put before it', async () => {
  const query = 'AppRequests\n| where Succes == true';
  const { status, body } = await tested.send('POST', '/api/query', { query, range: '1h' });
  expect(status).toBe(422);
  const { title, fault } = body as unknown as QueryProblem;
  expect(title).toBe('Line 2, column 9');
  expect(query.slice(fault.start, fault.start + fault.length)).toBe('Succes');
  expect(fault.suggestion).toBe('Success');
  const check = await tested.send<QueryCheck>('POST', '/api/query/check', { query });
  expect(check.body.data.faults).toEqual([fault]);
  expect(
    (await tested.send<QueryCheck>('POST', '/api/query/check', { query: 'AppRequests' })).body.data.faults,
  ).toEqual([]);
});

test('an empty result says why, and what would help', async () => {
  expect((await run('AppEvents')).empty).toEqual({
    reason: 'AppEvents is empty because the service runs at level 2. Custom events arrive from level 3 (explained).',
    seeLevel: 3,
  });
  expect((await run('AppRequests | where OperationId == "x"', '1h')).empty?.reason).toContain('No row fits');
  expect((await run('AppTraces', '1h')).empty?.reason).toContain('AppTraces is empty');
});

test('the editor is offered columns of the table, and tables at the beginning', async () => {
  const complete = async (query: string) =>
    (await tested.send<Completions>('POST', '/api/query/complete', { query, position: query.length })).body.data;
  const columns = await complete('AppRequests | where Dur');
  expect(columns).toMatchObject({ start: 20, length: 3 });
  expect(columns.items[0]).toMatchObject({ label: 'DurationMs', kind: 'column' });
  expect((await complete('AppReq')).items).toContainEqual(
    expect.objectContaining({ label: 'AppRequests', kind: 'table' }),
  );
});

test('the schema tells how full each table is', async () => {
  const { data } = await tested.get<TableSchema>('/api/schema');
  expect(data.tables.find(({ name }) => name === 'AppRequests')).toMatchObject({
    rows: 2,
    newest: expect.stringContaining('Z'),
  });
  expect(data.tables.find(({ name }) => name === 'AppEvents')).toMatchObject({ rows: 0, newest: null, fromLevel: 3 });
});

test('every query of the repository is offered with its settings filled in, and runs', async () => {
  const { data } = await tested.get<SavedQueries>('/api/queries');
  expect(data.queries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['dashboard', 'alert']));
  for (const { file, query, title } of data.queries) {
    expect(query, file).not.toContain('{{');
    expect(title, file).not.toBe('');
    const { status, body } = await tested.send('POST', '/api/query', { query });
    expect(`${file} ${status} ${body.detail ?? ''}`.trim()).toBe(`${file} 200`);
  }
}, 60_000);
