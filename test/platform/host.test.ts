import { AsyncLocalStorage } from 'node:async_hooks';
import { gzipSync } from 'node:zlib';
import express, { type RequestHandler, Router } from 'express';
import { expect, test, vi } from 'vitest';
import type { TokenVerifier } from '../../src/platform/callers.ts';
import { Problem } from '../../src/platform/problem.ts';
import { runningHost } from './running-host.ts';

const refuseAll: TokenVerifier = async () => {
  throw new Problem({ type: 'unauthorized', title: 'Unauthorized', status: 401 }, { 'www-authenticate': 'Bearer' });
};

function health(): Router {
  return Router().get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
}

/** Telemetry in small: what was answered to which path. */
function measured(): { handler: RequestHandler; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    handler: (request, response, next) => {
      response.once('finish', () => seen.push(`${request.originalUrl} ${response.statusCode}`));
      next();
    },
  };
}

/** A host without the parser for bytes of the other tests. */
const withRoutes = (routes: (router: Router) => void) =>
  runningHost(() => {}, { businesses: [{ name: 'own', routes }] });

test('a route that reads a body which no parser has read is answered with 415, and one without a body with none', async () => {
  const host = await withRoutes((router) => {
    router.use(express.json());
    router.all('/orders', (request, response) => {
      response.json({ body: request.body ?? null });
    });
  });
  const post = (type: string) =>
    fetch(`${host.url}/orders`, { method: 'POST', headers: { 'content-type': type }, body: '{"a":1}' });
  expect(await (await post('application/json')).json()).toEqual({ body: { a: 1 } });
  const refused = await post('text/plain');
  expect(refused.status).toBe(415);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('no parser') });
  for (const method of ['GET', 'DELETE'])
    expect(await (await fetch(`${host.url}/orders`, { method })).json(), method).toEqual({ body: null });
});

test('each route has parsers and limits of its own', async () => {
  const host = await withRoutes((router) => {
    router.post('/text', express.text({ limit: 5 }), (request, response) => void response.json(request.body));
    router.post('/form', express.urlencoded(), (request, response) => void response.json(request.body));
  });
  const post = (path: string, type: string, body: string) =>
    fetch(host.url + path, { method: 'POST', headers: { 'content-type': type }, body });
  expect(await (await post('/text', 'text/plain', 'hello')).json()).toBe('hello');
  expect((await post('/text', 'text/plain', 'hello!')).status).toBe(413);
  expect(await (await post('/form', 'application/x-www-form-urlencoded', 'a=1&b=2')).json()).toEqual({
    a: '1',
    b: '2',
  });
});

test('a body at the limit passes and one byte more is 413, also when it is sent without a length or compressed', async () => {
  const host = await runningHost(
    (router) => {
      router.post('/parcels', (request, response) => {
        response.json(request.body.length);
      });
    },
    { limit: 1_000 },
  );
  const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    fetch(`${host.url}/parcels`, { method: 'POST', body, headers, duplex: 'half' });
  expect(await (await post('x'.repeat(1_000))).json()).toBe(1_000);

  const tooLong = 'x'.repeat(1_001);
  const answers = [
    await post(tooLong),
    await post(new Blob([tooLong]).stream()),
    await post(gzipSync(tooLong), { 'content-encoding': 'gzip' }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: 'content-too-large',
      title: 'Content Too Large',
      status: 413,
      detail: 'The body may hold 1000 bytes at most.',
    });
  }
});

test('a request that is refused for want of a token is named by its route all the same', async () => {
  const names: unknown[] = [];
  const noteName: RequestHandler = (_request, response, next) => {
    response.once('finish', () => names.push(response.locals.routeTemplate));
    next();
  };
  const route = (router: Router) => router.get('/parcels/:id', (_request, response) => response.sendStatus(200));
  const { url } = await runningHost(route, { http: [noteName], tokens: refuseAll });
  expect((await fetch(`${url}/parcels/7`)).status).toBe(401);
  await vi.waitFor(() => expect(names).toEqual(['/parcels/:id']));
});

test('refusals are measured: no token, a body over the limit, an unknown path', async () => {
  const { handler, seen } = measured();
  const post = (router: Router) => {
    router.post('/parcels', (_request, response) => {
      response.sendStatus(202);
    });
  };
  const closed = await runningHost(post, { http: [handler], tokens: refuseAll });
  await fetch(`${closed.url}/parcels`, { method: 'POST', body: 'x' });
  const open = await runningHost(post, { http: [handler], limit: 10 });
  await fetch(`${open.url}/parcels`, { method: 'POST', body: 'x'.repeat(11) });
  await fetch(`${open.url}/nothing-here`);
  expect(seen).toEqual(['/parcels 401', '/parcels 413', '/nothing-here 404']);
});

test('health needs no token and is not measured', async () => {
  const { handler, seen } = measured();
  const host = await runningHost(() => {}, { http: [handler], tokens: refuseAll, routes: [health()] });
  expect((await fetch(`${host.url}/health/live`)).status).toBe(200);
  expect(seen).toEqual([]);
});

test('who has no token is refused before the body is read, with the challenge of the verifier', async () => {
  const host = await runningHost(() => {}, { tokens: refuseAll, limit: 1 });
  const answer = await fetch(`${host.url}/parcels`, { method: 'POST', body: 'too long' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(host.log.lines).toEqual([]);
});

test('a process without the role api answers health and nothing else', async () => {
  const { handler, seen } = measured();
  const host = await runningHost(
    (router) => {
      router.get('/parcels', (_request, response) => {
        response.json([]);
      });
    },
    { api: false, http: [handler], tokens: refuseAll, routes: [health()] },
  );
  expect((await fetch(`${host.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${host.url}/parcels`)).status).toBe(404);
  expect(seen).toEqual([]);
});

test('where no tokens are required a route gets every request, without a caller', async () => {
  const host = await runningHost((router) => {
    router.get('/parcels', (_request, response) => response.json({ caller: response.locals.caller ?? null }));
  });
  expect(await (await fetch(`${host.url}/parcels`)).json()).toEqual({ caller: null });
});

test('answers carry the security headers and do not name the framework', async () => {
  const host = await runningHost(() => {}, { routes: [health()] });
  for (const path of ['/health/live', '/nothing-here']) {
    const { headers } = await fetch(host.url + path);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
  }
});

test('the context that a telemetry middleware opens is still there after the body was read', async () => {
  const context = new AsyncLocalStorage<string>();
  const host = await runningHost(
    (router) => {
      router.post('/parcels', async (_request, response) => {
        response.json(context.getStore() ?? null);
      });
    },
    { http: [(_request, _response, next) => context.run('the trace', next)] },
  );
  const answer = await fetch(`${host.url}/parcels`, { method: 'POST', body: 'x'.repeat(100_000) });
  expect(await answer.json()).toBe('the trace');
});

test('each business gets its own tools, and one that has no routes is no fault', async () => {
  const answerName = (name: string) => ({
    name,
    routes: (router: Router, tools: { settings: Readonly<Record<string, string>> }) => {
      router.get(`/${name}`, (_request, response) => {
        response.json(tools.settings);
      });
    },
  });
  const host = await runningHost(() => {}, {
    businesses: [answerName('first'), { name: 'silent' }, answerName('second')],
    tools: ({ name }) => ({
      send: async () => {},
      log: { debug() {}, info() {}, warning() {}, error() {} },
      settings: { name },
    }),
  });
  expect(await (await fetch(`${host.url}/first`)).json()).toEqual({ name: 'first' });
  expect(await (await fetch(`${host.url}/second`)).json()).toEqual({ name: 'second' });
});
