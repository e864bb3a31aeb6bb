import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  isChosen,
  traceId,
  traceIdOf,
} from '../../../../../test/observability/modules/keep-failures/held-back.fixture.ts';
import {
  type ApplicationInsights,
  type Row,
  startApplicationInsights,
} from '../../../../application-insights/index.ts';
import { startService, type TestedService } from '../tested-service/start-service.ts';

const percent = 5;
const requests = 200;
/** Each in a trace that the sampler leaves out. */
const left = (nth: number) => traceId({ chosen: false, nth: 1_000 + nth });
const stories = {
  failed: left(0),
  failedCall: left(1),
  slow: left(2),
  refused: left(3),
  stranger: left(4),
  noRoute: left(5),
  events: left(6),
  chosenAndFailed: traceId({ chosen: true, nth: 100 }),
};

let insights: ApplicationInsights;
let destination: Server;
let service: TestedService;

beforeAll(async () => {
  insights = await startApplicationInsights();
  destination = createServer(({ url }, response) => {
    response.statusCode = url === '/broken' ? 503 : 200;
    setTimeout(() => response.end('here'), url === '/slow' ? 1_700 : 0);
  });
  await new Promise<void>((listening) => destination.listen(0, '127.0.0.1', listening));
  const to = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
  service = await startService({
    level: 3,
    connectionString: insights.connectionString,
    sections: { sampling: { percent }, slo: { latencyMs: 1_500 } },
  });
  const send = (id: string, method: string, path: string, body?: unknown) =>
    service.send(method, path, { headers: { traceparent: `00-${id}-b7ad6b7169203331-00` }, body });
  for (let sent = 0; sent < requests; sent++) await send(traceIdOf(sent), 'GET', `/items/${sent}`);
  await send(stories.failed, 'GET', '/boom');
  await send(stories.failedCall, 'POST', '/calls/fetch', { url: `${to}/broken` });
  await send(stories.slow, 'POST', '/calls/axios', { url: `${to}/slow` });
  await send(stories.refused, 'GET', '/answer/404');
  await send(stories.stranger, 'GET', '/answer/401');
  await send(stories.noRoute, 'GET', '/wp-admin');
  await send(stories.events, 'POST', '/events');
  await send(stories.chosenAndFailed, 'POST', '/calls/fetch', { url: `${to}/broken` });
  await service.stop();
});
afterAll(async () => {
  destination?.close();
  await insights?.stop();
});

const rowsOf = (table: string, id: string): Row[] =>
  insights.rows(table).filter(({ OperationId }) => OperationId === id);
/** How many each row of a trace stands for. */
const countsOf = (id: string) => ({
  requests: rowsOf('AppRequests', id).map(({ ItemCount }) => ItemCount),
  calls: rowsOf('AppDependencies', id).map(({ ItemCount }) => ItemCount),
});

test('of requests in which all is well those are stored that every service of Azure Monitor would choose', () => {
  const stored = insights.rows('AppRequests').filter(({ Name }) => Name === 'GET /items/:id');
  const chosen = Array.from({ length: requests }, (_, sent) => traceIdOf(sent)).filter((id) => isChosen(id, percent));
  expect(stored.map(({ OperationId }) => OperationId)).toEqual(chosen);
  expect(new Set(stored.map(({ ItemCount }) => ItemCount))).toEqual(new Set([20]));
});

test.each([
  ['a failed request', stories.failed, { requests: [1], calls: [] }],
  ['a request of which a call failed', stories.failedCall, { requests: [1], calls: [1] }],
  ['one that the sampler chose as well', stories.chosenAndFailed, { requests: [1], calls: [1] }],
  ['a slow request', stories.slow, { requests: [1], calls: [1] }],
  ['a request that a route refused', stories.refused, { requests: [1], calls: [] }],
  ['a request without a token', stories.stranger, { requests: [], calls: [] }],
  ['a request for no route', stories.noRoute, { requests: [], calls: [] }],
])('of %s all rows stand for themselves alone, or there is none', (_, id, counts) => {
  expect(countsOf(id)).toEqual(counts);
});

test('exceptions, log lines and events carry operation and correlation id, also of a trace that is not stored', () => {
  const [request] = rowsOf('AppRequests', stories.failed);
  expect(rowsOf('AppExceptions', stories.failed)).toMatchObject([
    { ParentId: request?.Id, ItemCount: 1, Properties: { correlationId: stories.failed } },
  ]);
  expect(rowsOf('AppRequests', stories.events)).toEqual([]);
  const events = rowsOf('AppEvents', stories.events).filter(({ Name }) => String(Name).startsWith('early.'));
  expect(events).toMatchObject([{ ItemCount: 1, Properties: { correlationId: stories.events } }]);
  const lines = insights.rows('AppTraces').filter(({ Message }) => Message === 'a file is read');
  expect(lines).toHaveLength(requests);
  for (const { OperationId, Properties } of lines)
    expect((Properties as { correlationId?: unknown }).correlationId).toBe(OperationId);
});

test('the standard metrics count every request and every call once, and Azure counts no row again', () => {
  const metric = (name: string, dimension: string) => {
    const rows = insights.rows('AppMetrics').filter(({ Name }) => Name === name);
    const entries = rows.map(({ Properties, ItemCount }) => [Object(Properties)[dimension], ItemCount]);
    return Object.fromEntries(entries);
  };
  expect(metric('requests/duration', 'request/resultCode')).toEqual({
    200: requests,
    204: 4,
    401: 1,
    404: 2,
    500: 1,
  });
  expect(metric('dependencies/duration', 'dependency/resultCode')).toEqual({ 200: 1, 503: 2 });
  for (const { Properties } of [...insights.rows('AppRequests'), ...insights.rows('AppDependencies')])
    expect(Properties).toHaveProperty(['_MS.ProcessedByMetricExtractors']);
});

test('no trace was decided before its end', () => {
  expect(insights.rows('AppMetrics').filter(({ Name }) => Name === 'sampling.early_decisions')).toEqual([]);
  expect(service.lines().filter(({ severity }) => severity === 'warning')).toEqual([]);
});
