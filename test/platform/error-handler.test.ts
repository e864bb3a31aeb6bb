import { Router } from 'express';
import { expect, test, vi } from 'vitest';
import { QueueUnavailable } from '../../src/platform/errors.ts';
import { Problem } from '../../src/platform/problem.ts';
import { rawConnection } from './raw-http.ts';
import { runningHost } from './running-host.ts';

/** A host whose only route throws `error`. */
const throwing = (error: unknown) =>
  runningHost((router) => {
    router.all('/parcels{/:id}', async () => {
      throw error;
    });
  });

test('an unexpected error is a 500 that tells the caller nothing, and is logged once with the error', async () => {
  const error = new TypeError('password=hunter2 at /srv/app');
  const host = await throwing(error);
  const answer = await fetch(`${host.url}/parcels/secret-name`, { method: 'POST', body: 'x' });
  expect(answer.status).toBe(500);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.text()).toBe('{"type":"internal-error","title":"Internal Server Error","status":500}');
  expect(host.log.lines).toEqual([
    {
      severity: 'error',
      message: 'request failed',
      fields: { error, method: 'POST', route: '/parcels{/:id}', status: 500 },
    },
  ]);
});

test('the log names a route of a mounted router with its mount path', async () => {
  const host = await runningHost((router) => {
    const mounted = Router().get('/parcels/:id', async () => {
      throw new Error('failed');
    });
    router.use('/tenants/:tenant', mounted);
  });
  await fetch(`${host.url}/tenants/a/parcels/1`);
  expect(host.log.lines).toMatchObject([{ fields: { route: '/tenants/:tenant/parcels/:id' } }]);
});

test('what is thrown need not be an Error', async () => {
  for (const thrown of ['text', 7, { status: 404 }, Symbol('odd')]) {
    const host = await throwing(thrown);
    expect((await fetch(`${host.url}/parcels`)).status).toBe(500);
    expect(host.log.lines.map(({ fields }) => fields.error)).toEqual([thrown]);
  }
});

test("a failed call to another service is our failure, not the caller's, whatever status it carries", async () => {
  for (const carried of [
    { status: 404, statusCode: 404 },
    { status: 503, expose: true },
    { status: 200, expose: true },
  ]) {
    const host = await throwing(Object.assign(new Error('no such queue'), carried));
    const answer = await fetch(`${host.url}/parcels`);
    expect(await answer.json()).toMatchObject({ type: 'internal-error', status: 500 });
    expect(answer.status).toBe(500);
  }
});

test('a Problem is the answer as it stands, with its headers', async () => {
  const details = { type: 'name-too-long', title: 'Name Too Long', status: 422, detail: 'At most 255 characters.' };
  const host = await throwing(new Problem(details, { 'x-limit': '255' }));
  const answer = await fetch(`${host.url}/parcels`);
  expect(answer.status).toBe(422);
  expect(answer.headers.get('x-limit')).toBe('255');
  expect(await answer.json()).toEqual(details);
  expect(host.log.lines).toEqual([]);
});

test('a Problem of ours is logged with its cause', async () => {
  const cause = new Error('the disk is full');
  const host = await throwing(new Problem({ type: 'busy', title: 'Busy', status: 503 }, {}, { cause }));
  expect(await (await fetch(`${host.url}/parcels`)).text()).not.toContain('disk');
  expect(host.log.lines.map(({ fields }) => fields.error)).toEqual([cause]);
});

test('a queue that does not accept is 503 with Retry-After', async () => {
  const error = new QueueUnavailable('amqps://broker refused');
  const host = await throwing(error);
  const answer = await fetch(`${host.url}/parcels`);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  const body = await answer.text();
  expect(JSON.parse(body)).toMatchObject({ type: 'queue-unavailable', status: 503 });
  expect(body).not.toContain('amqps');
  expect(body).not.toMatch(/nothing was kept/i); // the broker may have the message: only its answer may be lost
  expect(host.log.lines.map(({ fields }) => fields.error)).toEqual([error]);
});

test('a broker that asks to wait is a caller who is told to wait as long, in whole seconds', async () => {
  const host = await throwing(new QueueUnavailable('throttled', { retryAfterMs: 9_001 }));
  expect((await fetch(`${host.url}/parcels`)).headers.get('retry-after')).toBe('10');
});

test('faults of the request are answered by their status and not logged', async () => {
  const host = await runningHost((router) => {
    router.post('/parcels/:id', (_request, response) => {
      response.sendStatus(202);
    });
  });
  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(host.url + path, { method: 'POST', body: 'not gzip', headers });
  const cases: [Response, number, string][] = [
    [await post('/nothing'), 404, 'not-found'],
    [await post('/parcels/%E0%A4'), 400, 'bad-request'],
    [await post('/parcels/1', { 'content-encoding': 'rot13' }), 415, 'unsupported-media-type'],
    [await post('/parcels/1', { 'content-encoding': 'gzip' }), 400, 'bad-request'],
  ];
  for (const [answer, status, type] of cases) {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ type, status });
  }
  expect(host.log.lines).toEqual([]);
});

test('HEAD gets the headers of a problem without its body, and the connection stays usable', async () => {
  const host = await runningHost(() => {});
  const connection = await rawConnection(host.port);
  connection.send('HEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(connection.text()).toContain('\r\n\r\n'));
  connection.send('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(connection.text().split('HTTP/1.1 404').length).toBe(3));
  expect(connection.text().split('"not-found"').length).toBe(2);
});

test('headers that a route set for a body it did not send do not spoil the problem', async () => {
  const host = await runningHost((router) => {
    router.get('/parcels', (_request, response) => {
      response.set({ 'content-length': '3', 'content-encoding': 'gzip', etag: '"1"', 'content-type': 'text/csv' });
      throw new Error('half way');
    });
  });
  const answer = await fetch(`${host.url}/parcels`);
  expect(answer.headers.get('etag')).toBeNull();
  expect(await answer.json()).toMatchObject({ type: 'internal-error' });
});

test('an error in the middle of an answer breaks the connection, so that no caller takes half for the whole', async () => {
  const host = await runningHost((router) => {
    router.get('/parcels', async (_request, response) => {
      response.write('the first half');
      throw new Error('half way');
    });
  });
  const connection = await rawConnection(host.port);
  connection.send('GET /parcels HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await connection.closed;
  expect(connection.text()).not.toContain('0\r\n\r\n');
  expect(host.log.lines.map(({ message }) => message)).toEqual(['request failed']);
});

test('an error after the whole answer was given is logged and the answer arrives', async () => {
  const host = await runningHost((router) => {
    router.get('/parcels', async (_request, response) => {
      response.end('x'.repeat(20_000_000));
      throw new Error('too late');
    });
  });
  expect(await (await fetch(`${host.url}/parcels`)).text()).toHaveLength(20_000_000);
  await vi.waitFor(() => expect(host.log.lines).toHaveLength(1));
});

test('a caller that goes away in the middle of its body is no error of ours', async () => {
  let asked = 0;
  const host = await runningHost(() => {}, {
    http: [
      (_request, _response, next) => {
        asked += 1;
        next();
      },
    ],
  });
  const connection = await rawConnection(host.port);
  connection.send('POST /parcels HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
  await vi.waitFor(() => expect(asked).toBe(1));
  connection.end();
  await connection.closed;
  expect((await fetch(`${host.url}/nothing`)).status).toBe(404);
  expect(host.log.lines).toEqual([]);
});
