import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from './exporter.fixture.ts';
import { type ApplicationInsights, type Row, startApplicationInsights, type TableName } from './index.ts';

const CONTAINER_APP = ['NAME', 'REVISION', 'HOSTNAME', 'REPLICA_NAME', 'ENV_DNS_SUFFIX', 'PORT'];

let insights: ApplicationInsights;
let child: ChildProcess;
let storage: string;

const say = async (command: Command) => {
  const answered = once(child, 'message');
  child.send(command);
  await answered;
};

beforeAll(async () => {
  insights = await startApplicationInsights();
  storage = await mkdtemp(join(tmpdir(), 'exporter ä '));
  child = fork(join(import.meta.dirname, 'exporter.fixture.ts'), [insights.connectionString, insights.url, storage], {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      SystemRoot: process.env.SystemRoot, // Windows opens no socket without it
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      // Together these leave the exporter no reason and no way to call anything but loopback.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
      ...Object.fromEntries(CONTAINER_APP.map((name) => [`CONTAINER_APP_${name}`, '1'])),
      OTEL_SERVICE_NAME: 'shop',
    },
  });
  await once(child, 'message');
  await say({ emit: 'everything' });
});

afterAll(async () => {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
  await insights.stop();
  await rm(storage, { recursive: true });
});

const only = (table: TableName): Row => {
  const rows = insights.rows(table);
  expect(rows, table).toHaveLength(1);
  return rows[0] as Row;
};

test('what the real exporter sends for a request and its dependency becomes two rows of one operation', () => {
  const request = only('AppRequests');
  expect(request).toMatchObject({
    Name: 'POST /items',
    OperationName: 'POST /items',
    Success: true,
    ResultCode: '202',
    Url: 'http://127.0.0.1:3000/items',
    AppRoleName: 'shop',
    UserId: 'user-1',
    ClientIP: '0.0.0.0',
    Properties: { tenant: 'blue' },
    Measurements: { bytes: 12.5 },
    ItemCount: 1,
  });
  expect(request.DurationMs).toEqual(expect.any(Number));
  expect(only('AppDependencies')).toMatchObject({
    Name: 'POST /south',
    DependencyType: 'Http',
    ResultCode: '503',
    Success: false,
    Data: 'http://127.0.0.1:9/south',
    OperationId: request.OperationId,
    ParentId: request.Id,
  });
});

test('its logs become traces, events, exceptions, availability results and page views of that operation', () => {
  const OperationId = only('AppRequests').OperationId;
  expect(only('AppTraces')).toMatchObject({
    Message: 'a warning',
    SeverityLevel: 2,
    Properties: { itemId: 'f-1' },
    OperationId,
  });
  expect(only('AppEvents')).toMatchObject({
    Name: 'file.accepted',
    Properties: { itemId: 'f-1' },
    Measurements: { bytes: 7 },
    OperationId,
  });
  const exceptions = insights.rows('AppExceptions');
  expect(exceptions.map((row) => row.ExceptionType).sort()).toEqual(['RangeError', 'TypeError']);
  expect(exceptions.find((row) => row.ExceptionType === 'TypeError')).toMatchObject({
    OuterMessage: 'broken',
    SeverityLevel: 3,
    OperationId,
    Details: [{ rawStack: expect.stringContaining('exporter.fixture.ts') }],
  });
  expect(only('AppAvailabilityResults')).toMatchObject({
    Name: 'ping',
    DurationMs: 250,
    Success: true,
    Location: 'Oslo',
  });
  expect(only('AppPageViews')).toMatchObject({ Id: 'p-1', Name: 'Home', DurationMs: 2000 });
});

test('its metrics become metrics and performance counters, and no row is made of the resource metric', () => {
  expect(insights.rows('AppMetrics').filter((row) => row.Name === 'latency')).toMatchObject([
    { Sum: 30, Min: 5, Max: 20, ItemCount: 3, Properties: { destination: 'south' } },
  ]);
  expect(insights.rows('AppMetrics').map((row) => row.Name)).not.toContain('_OTELRESOURCE_');
  expect(only('AppPerformanceCounters')).toMatchObject({ Category: 'Process', Counter: 'Private Bytes', Value: 1_000 });
});

const storedItems = async (): Promise<number> => {
  let items = 0;
  for await (const file of glob('**/*.ai.json', { cwd: storage })) {
    items += (JSON.parse(await readFile(join(storage, file), 'utf8')) as unknown[]).length;
  }
  return items;
};

/** Sends twenty spans in a mode; answers how many of its items the server refused and how many the exporter then kept on disk. */
const send = async (mode: string, options?: Record<string, unknown>) => {
  await insights.faults.mode(mode, options);
  const { received, accepted } = insights.faults.state().items;
  const before = await storedItems();
  await say({ emit: 'spans', count: 20 });
  const after = insights.faults.state().items;
  const refused = after.received - received - (after.accepted - accepted);
  return { refused, kept: (await storedItems()) - before };
};

test('the real exporter takes each answer as it takes that of Azure', async () => {
  await insights.faults.mode('ok');
  await say({ emit: 'nothing' }); // what the first test left behind is out of the way
  // An hour, because the exporter comes back after this time.
  for (const [mode, options] of [['439'], ['429', { retryAfterSeconds: 3_600 }], ['500'], ['503']] as const) {
    const { refused, kept } = await send(mode, options);
    expect(refused, mode).toBeGreaterThanOrEqual(20);
    expect(kept, mode).toBe(refused);
  }
  const paid = await send('402');
  expect(paid.refused).toBeGreaterThanOrEqual(20);
  expect(paid.kept).toBe(0);
  expect((await send('down')).kept).toBeGreaterThanOrEqual(20);

  const partial = await send('206', { share: 0.5, statusCodes: [500] });
  expect(partial.refused).toBeGreaterThan(2);
  expect(partial.refused).toBeLessThan(20);
  expect(partial.kept).toBe(partial.refused);
  const final = await send('206', { share: 0.5, statusCodes: [400] });
  expect(final.refused).toBeGreaterThan(2);
  expect(final.kept).toBe(0);

  const stored = insights.rows('AppRequests').length;
  expect(await send('ok')).toEqual({ refused: 0, kept: 0 });
  expect(insights.rows('AppRequests')).toHaveLength(stored + 20);
});
