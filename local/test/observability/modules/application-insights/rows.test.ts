import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type ApplicationInsights,
  type Row,
  startApplicationInsights,
} from '../../../../application-insights/index.ts';
import { startService, type TestedService } from '../tested-service/start-service.ts';

let insights: ApplicationInsights;
let service: TestedService;
let destination: Server;
let destinationUrl: string;
const received = new Map<string | undefined, IncomingHttpHeaders>();

beforeAll(async () => {
  insights = await startApplicationInsights();
  destination = createServer((request, response) => {
    received.set(request.url, request.headers);
    response.end('here');
  });
  await new Promise<void>((listening) => destination.listen(0, '127.0.0.1', listening));
  destinationUrl = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
  service = await startService({ level: 1, connectionString: insights.connectionString });
});

afterAll(async () => {
  await service?.stop();
  destination?.close();
  await insights?.stop();
});

const rows = (table: string, where: (row: Row) => boolean) => insights.rows(table).filter(where);
const requestsTo = (path: string) => rows('AppRequests', ({ Url }) => String(Url).includes(path));
/** The one row that matches, once it has arrived; more than one fails. */
const theOne = (table: string, where: (row: Row) => boolean): Promise<Row> =>
  vi.waitFor(
    () => {
      const found = rows(table, where);
      expect(found).toHaveLength(1);
      return found[0] as Row;
    },
    { timeout: 10_000, interval: 30 },
  );
const theRequest = (path: string) => theOne('AppRequests', ({ Url }) => String(Url).includes(path));

describe.concurrent('requests', () => {
  test('a request is one row, named by its route template, and its log lines carry the same operation', async () => {
    await service.send('GET', '/items/plain-1');
    const request = await theRequest('/items/plain-1');
    expect(request).toMatchObject({
      Name: 'GET /items/:id',
      OperationName: 'GET /items/:id',
      ResultCode: '200',
      Success: true,
      ItemCount: 1,
      AppRoleName: 'tested',
      AppRoleInstance: 'replica-1',
      AppVersion: '1.2.3',
    });
    expect(request.DurationMs).toBeGreaterThan(0);
    const trace = await theOne(
      'AppTraces',
      ({ Properties }) => (Properties as { itemId?: string }).itemId === 'plain-1',
    );
    expect(trace).toMatchObject({
      Message: 'a file is read',
      OperationId: request.OperationId,
      ParentId: request.Id,
      SeverityLevel: 1,
    });
  });

  test("the caller's W3C trace is continued", async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await service.send('GET', '/items/continued', { headers: { traceparent } });
    expect(await theRequest('/items/continued')).toMatchObject({
      OperationId: '0af7651916cd43dd8448eb211c80319c',
      ParentId: 'b7ad6b7169203331',
    });
  });

  test.each([
    ['/static', 'GET /static'],
    ['/static/items/in-static', 'GET /static/items/:name'],
    ['/tenants/in-tenant', 'GET /tenants/:tenant'],
    ['/tenants/items/items/twice', 'GET /tenants/:tenant/items/:name'],
    ['/tenants/a%20b/items/encoded', 'GET /tenants/:tenant/items/:name'],
    ['/admin/inner/items/in-admin', 'GET /admin/inner/items/:name'],
  ])('%s in a mounted router is named %s', async (path, name) => {
    const marker = `${path}?row=1`;
    await service.send('GET', marker);
    expect(await theRequest(`${path}?row=REDACTED`)).toMatchObject({ Name: name, OperationName: name });
  });

  test('what meets no route shares one name, however many paths are asked for', async () => {
    await service.send('GET', '/wp-login.php');
    await service.send('POST', '/admin/nothing/here', { body: {} });
    expect(await theRequest('/wp-login.php')).toMatchObject({
      Name: 'GET (no route)',
      ResultCode: '404',
      Success: false,
    });
    expect(await theRequest('/admin/nothing')).toMatchObject({
      Name: 'POST (no route)',
      OperationName: 'POST (no route)',
    });
  });

  test('a request that is refused before it reaches its route is named by it all the same', async () => {
    await service.send('POST', '/log?refused', { body: { message: 'x'.repeat(70_000) } });
    expect(await theRequest('/log?REDACTED')).toMatchObject({ Name: 'POST /log', ResultCode: '413', Success: false });
  });

  test('5xx and 4xx are failed, as everywhere in Application Insights', async () => {
    await service.send('GET', '/answer/503');
    await service.send('GET', '/answer/409');
    expect(await theRequest('/answer/503')).toMatchObject({ ResultCode: '503', Success: false });
    expect(await theRequest('/answer/409')).toMatchObject({ ResultCode: '409', Success: false });
  });

  test('a caller who leaves before the answer is 499; one who leaves a stream got what was sent', async () => {
    await expect(fetch(`${service.url}/never`, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    const stream = await fetch(`${service.url}/endless`);
    await stream.body?.cancel();
    expect(await theRequest('/never')).toMatchObject({ Name: 'GET /never', ResultCode: '499', Success: false });
    expect(await theRequest('/endless')).toMatchObject({ ResultCode: '200', Success: true });
  });

  test('an answer that breaks off half way is failed, whatever status it began with', async () => {
    await expect(fetch(`${service.url}/torn`).then((response) => response.text())).rejects.toThrow();
    expect(await theRequest('/torn')).toMatchObject({ ResultCode: '200', Success: false });
  });

  test('query values are hidden and their names stay', async () => {
    await service.send('GET', '/items/asked?token=hidden-1&page=2&bare');
    const { Url } = await theRequest('/items/asked');
    expect(Url).toBe(`${service.url}/items/asked?token=REDACTED&page=REDACTED&REDACTED`);
  });

  test('an address has no fragment, and no host but a plain one', async () => {
    const { port } = new URL(service.url);
    for (const host of ['user:hidden-6@h', 'h?key=hidden-7', 'h/hidden-8']) {
      const path = `/items/odd-${host.length}#token=hidden-9`;
      await new Promise((done) => get({ host: '127.0.0.1', port, path, headers: { host } }, done).on('error', done));
      expect((await theRequest(`/items/odd-${host.length}`)).Url).toBe(`http:///items/odd-${host.length}`);
    }
  });

  test('health probes leave no row', async () => {
    for (const path of ['live', 'ready', 'details']) await service.send('GET', `/health/${path}`);
    await service.send('GET', '/items/after-probes');
    await theRequest('/items/after-probes');
    expect(requestsTo('/health/')).toEqual([]);
  });
});

describe.concurrent('outgoing calls', () => {
  test.each(['axios', 'fetch', 'default', 'named'])(
    'a call with %s is one dependency row of the request, without query values',
    async (via) => {
      await service.send('POST', `/calls/${via}`, { body: { url: `${destinationUrl}/${via}?code=hidden-2` } });
      const dependency = await theOne('AppDependencies', ({ Data }) =>
        String(Data).startsWith(`${destinationUrl}/${via}`),
      );
      const request = await theRequest(`/calls/${via}`);
      expect(dependency).toMatchObject({
        Name: `GET /${via}`,
        DependencyType: 'Http',
        Data: `${destinationUrl}/${via}?code=REDACTED`,
        Success: true,
        ResultCode: '200',
        OperationId: request.OperationId,
        ParentId: request.Id,
      });
      expect(received.get(`/${via}?code=hidden-2`)?.traceparent).toBe(`00-${request.OperationId}-${dependency.Id}-01`);
    },
  );

  test('the SDK does not report its own calls', async () => {
    await service.send('GET', '/items/own-calls');
    await theRequest('/items/own-calls');
    const foreign = rows('AppDependencies', ({ Data }) => !String(Data).startsWith(destinationUrl));
    expect(foreign).toEqual([]);
  });
});

describe.concurrent('logs', () => {
  test('an error is a row of AppExceptions in the operation, without the secret in its text', async () => {
    await service.send('GET', '/boom');
    const request = await theRequest('/boom');
    const exception = await theOne('AppExceptions', ({ OperationId }) => OperationId === request.OperationId);
    expect(exception).toMatchObject({
      ExceptionType: 'RangeError',
      OuterMessage: 'boom 4711 AccountKey=REDACTED',
      SeverityLevel: 3,
      Properties: { message: 'request failed', 'error.fingerprint': expect.stringMatching(/^[\da-f]{16}$/) },
    });
    expect(JSON.stringify(exception)).not.toContain('c2VjcmV0');
    expect(request).toMatchObject({ ResultCode: '500', Success: false });
  });

  test('nested fields become properties, and secrets are hidden in rows and on standard output alike', async () => {
    const fields = {
      row: 'secrets',
      password: 'hidden-3',
      order: { apiKey: 'hidden-4', items: [1, { token: 'hidden-5' }] },
    };
    await service.send('POST', '/log', { body: { severity: 'warning', message: 'told', fields } });
    const trace = await theOne('AppTraces', ({ Properties }) => (Properties as { row?: string }).row === 'secrets');
    expect(trace.Properties).toMatchObject({
      password: 'REDACTED',
      'order.apiKey': 'REDACTED',
      'order.items': '[1,{"token":"REDACTED"}]',
    });
    expect(service.lines().find(({ row }) => row === 'secrets')).toMatchObject({
      severity: 'warning',
      traceId: trace.OperationId,
      spanId: trace.ParentId,
      password: 'REDACTED',
      order: { apiKey: 'REDACTED', items: [1, { token: 'REDACTED' }] },
    });
  });

  test('a field that is called like one of the exporter neither changes the kind of row nor gets lost', async () => {
    const fields = { exception: { type: 'X' }, http: { method: 'PUT' }, microsoft: { custom_event: { name: 'E' } } };
    await service.send('POST', '/log', { body: { message: 'claimed names', fields } });
    const trace = await theOne('AppTraces', ({ Message }) => Message === 'claimed names');
    expect(trace.Properties).toMatchObject({
      '_exception.type': 'X',
      '_http.method': 'PUT',
      '_microsoft.custom_event.name': 'E',
    });
  });

  test('standard output holds no line that telemetry delivers anyway', async () => {
    await service.send('POST', '/log', { body: { message: 'quiet' } });
    await theOne('AppTraces', ({ Message }) => Message === 'quiet');
    expect(service.lines().filter(({ severity }) => severity === 'info' || severity === 'debug')).toEqual([]);
  });
});

test('below level 3 the events of the business leave nothing', async () => {
  await service.send('POST', '/events');
  await theRequest('/events');
  expect(insights.rows('AppEvents')).toEqual([]);
});

test('no secret of these tests is anywhere in the rows', () => {
  const tables = Object.keys(insights.tables()).map((table) => JSON.stringify(insights.rows(table)));
  expect(tables.join('')).not.toMatch(/hidden-\d/);
});
