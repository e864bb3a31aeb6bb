import { expect, test } from 'vitest';
import type { ModuleContext, Runtime } from '../../../src/observability/module.ts';
import { setUp } from '../../../src/observability/modules/health-probes/index.ts';
import type { HealthReport } from '../../../src/platform/health.ts';
import { runningHost } from '../../platform/running-host.ts';

async function serve(report?: HealthReport, authenticated: Runtime['authenticated'] = async () => false) {
  const { routes = [], start } = await setUp({} as ModuleContext<undefined>);
  if (report) await start?.({ messaging: undefined, health: () => report, authenticated });
  const { url } = await runningHost(() => {}, { routes });
  return async (path: string) => {
    const response = await fetch(`${url}/health/${path}`);
    return { status: response.status, headers: response.headers, body: (await response.json()) as object };
  };
}

const broken = { name: 'queue', needed: true, ok: false, reason: 'unreachable: ns.servicebus' };
const sick = { name: 'south', needed: false, ok: false, reason: 'HTTP 500' };
const fine = { name: 'queue', needed: true, ok: true };

test.each<{ when: string; report?: HealthReport; status: number; word: string }>([
  { when: 'before the service has started', status: 503, word: 'starting' },
  { when: 'while it starts', report: { state: 'starting', checks: [fine] }, status: 503, word: 'starting' },
  { when: 'when all is well', report: { state: 'ready', checks: [fine] }, status: 200, word: 'ready' },
  {
    when: 'when a mere destination is sick',
    report: { state: 'ready', checks: [fine, sick] },
    status: 200,
    word: 'degraded',
  },
  {
    when: 'when the queue is gone',
    report: { state: 'ready', checks: [broken, sick] },
    status: 503,
    word: 'unavailable',
  },
  { when: 'while it stops', report: { state: 'stopping', checks: [fine] }, status: 503, word: 'stopping' },
])('$when readiness is $word', async ({ report, status, word }) => {
  const get = await serve(report);
  expect(await get('ready')).toMatchObject({ status, body: { status: word } });
});

test('liveness looks at the process alone', async () => {
  for (const report of [undefined, { state: 'stopping', checks: [broken] } as const]) {
    const get = await serve(report);
    expect(await get('live')).toMatchObject({ status: 200, body: { status: 'live' } });
  }
});

test('strangers see one word: no check, no reason, no address', async () => {
  const get = await serve({ state: 'ready', checks: [broken, sick] });
  for (const path of ['live', 'ready']) expect(Object.keys((await get(path)).body)).toEqual(['status']);
  const details = await get('details');
  expect(details.status).toBe(401);
  expect(details.headers.get('www-authenticate')).toBe('Bearer');
  expect(details.headers.get('content-type')).toContain('application/problem+json');
  expect(details.body).toMatchObject({ type: 'unauthorized', status: 401 });
  expect(JSON.stringify(details.body)).not.toMatch(/queue|archive|unreachable/);
});

test('a caller that is authenticated sees everything', async () => {
  const get = await serve({ state: 'ready', checks: [fine, sick] }, async () => true);
  expect(await get('details')).toMatchObject({
    status: 200,
    body: { status: 'degraded', state: 'ready', checks: [fine, sick] },
  });
});

test('details stay closed when the token cannot be checked', async () => {
  const get = await serve({ state: 'ready', checks: [] }, () => Promise.reject(new Error('issuer unreachable')));
  expect(await get('details')).toMatchObject({ status: 401 });
});

test('no answer may be kept by a cache', async () => {
  const get = await serve({ state: 'ready', checks: [] });
  for (const path of ['live', 'ready', 'details'])
    expect((await get(path)).headers.get('cache-control')).toBe('no-store');
});
