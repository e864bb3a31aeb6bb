import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService, type TestedService } from '../tested-service/start-service.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

let insights: ApplicationInsights;
let destination: Server;
let destinationUrl: string;
const calls: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  insights = await startApplicationInsights();
  destination = createServer((incoming, response) => {
    calls.push(incoming.headers);
    response.end('here');
  });
  await new Promise<void>((listening) => destination.listen(0, '127.0.0.1', listening));
  destinationUrl = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
});
afterAll(async () => {
  destination?.close();
  await insights?.stop();
});

/** Headers as raw text, which `fetch` would refuse or change. */
const getRaw = (url: string, headers: string[]) =>
  new Promise<{ status: number | undefined; id: string | string[] | undefined }>((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    request({ hostname, port, path: pathname, headers: ['host', hostname, ...headers] }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode, id: response.headers['x-correlation-id'] }));
    })
      .on('error', reject)
      .end();
  });

describe.each(['with', 'without'])('%s a connection string', (kind) => {
  let service: TestedService;

  beforeAll(async () => {
    const shipping = kind === 'with' ? { connectionString: insights.connectionString } : {};
    service = await startService({ level: 3, sections: { logs: { console: 'all' } }, ...shipping });
  });
  afterAll(() => service?.stop());

  const lineOf = (itemId: string) =>
    vi.waitFor(() => {
      const line = service.lines().find((each) => each.itemId === itemId);
      expect(line).toBeDefined();
      return line;
    });

  test("a caller's id is given back and is on the log lines of the request", async () => {
    const answer = await service.send('GET', '/items/a', { headers: { 'x-correlation-id': 'order:4711' } });
    expect(answer.headers.get('x-correlation-id')).toBe('order:4711');
    expect(await lineOf('a')).toMatchObject({ correlationId: 'order:4711' });
  });

  test('without one the id is that of the trace, which may be the caller’s', async () => {
    const answer = await service.send('GET', '/items/b', { headers: { traceparent } });
    expect(answer.headers.get('x-correlation-id')).toBe(traceId);
    expect(await lineOf('b')).toMatchObject({ correlationId: traceId, traceId });
    const other = await service.send('GET', '/items/c');
    expect(other.headers.get('x-correlation-id')).toMatch(/^[\da-f]{32}$/);
    expect(other.headers.get('x-correlation-id')).not.toBe(traceId);
  });

  test.each([
    ['one too long', ['x-correlation-id', 'x'.repeat(129)]],
    ['markup', ['x-correlation-id', '<script>alert(1)</script>']],
    ['a space', ['x-correlation-id', 'hostile id']],
    ['other bytes', ['x-correlation-id', 'hostile\u00e9']],
    ['a lookup', ['x-correlation-id', '$' + '{jndi:ldap://hostile}']],
    ['two', ['x-correlation-id', 'hostile1', 'x-correlation-id', 'hostile2']],
    ['an empty one', ['x-correlation-id', '']],
  ])('%s is replaced and repeated nowhere', async (_, headers) => {
    const { status, id } = await getRaw(`${service.url}/items/d`, headers);
    expect(status).toBe(200);
    expect(id).toMatch(/^[\da-f]{32}$/);
    expect(JSON.stringify(service.lines())).not.toMatch(/hostile|script|xxxxx/);
  });

  test('an error answer has the id too', async () => {
    const answer = await service.send('GET', '/boom', { headers: { 'x-correlation-id': 'order:8' } });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('x-correlation-id')).toBe('order:8');
  });

  test.each(['axios', 'fetch', 'default', 'named'])('a call by %s carries the id once, and the trace', async (via) => {
    calls.length = 0;
    const headers = { 'x-correlation-id': 'order:9', traceparent };
    await service.send('POST', `/calls/${via}`, { headers, body: { url: destinationUrl } });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ 'x-correlation-id': 'order:9' });
    expect(calls[0]?.traceparent).toContain(traceId);
  });
});

describe('rows', () => {
  let service: TestedService;

  beforeAll(async () => {
    service = await startService({
      level: 3,
      connectionString: insights.connectionString,
      sections: { correlation: { header: 'X-Request-ID' } },
    });
  });
  afterAll(() => service?.stop());

  test('of a request, its call, its log line and its events all have the id, under a header of another name', async () => {
    const headers = { 'x-request-id': 'row:1' };
    const answer = await service.send('POST', '/events', { headers });
    expect(answer.headers.get('x-request-id')).toBe('row:1');
    expect(answer.headers.get('x-correlation-id')).toBeNull();
    calls.length = 0;
    await service.send('POST', '/calls/fetch', { headers, body: { url: destinationUrl } });
    expect(calls[0]).toMatchObject({ 'x-request-id': 'row:1' });
    await service.send('POST', '/log', { headers, body: { severity: 'error', message: 'failed', error: 'failure' } });

    const withId = (table: string) =>
      insights
        .rows(table)
        .filter(({ Properties }) => (Properties as { correlationId?: string }).correlationId === 'row:1');
    await vi.waitFor(
      () => {
        expect(withId('AppRequests')).toHaveLength(3);
        expect(withId('AppDependencies')).toHaveLength(1);
        expect(withId('AppExceptions')).toHaveLength(1);
        expect(withId('AppEvents').map(({ Name }) => Name)).toContain('early.happened');
      },
      { timeout: 10_000, interval: 30 },
    );
  });
});
