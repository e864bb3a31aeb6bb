import { Router } from 'express';
import { expect, test } from 'vitest';
import { addressOf, createLimiter } from '../../../../src/observability/modules/rate-limit/limiter.ts';
import { runningHost } from '../../../platform/running-host.ts';

/** A service with two requests a minute, and a health route; `authorization` names the caller. */
async function limited({ proxies = 1, tokens = true } = {}) {
  const health = Router();
  health.get('/health/live', (_request, response) => void response.send('ok'));
  const host = await runningHost((router) => router.get('/parcels', (_request, response) => void response.send('ok')), {
    routes: [health],
    afterTokens: [createLimiter({ requestsPerMinute: 2, proxies })],
    ...(tokens && { tokens: async ({ headers }) => ({ client: 'app', object: headers.authorization }) }),
  });
  const ask = (headers: Record<string, string> = {}, path = '/parcels') => fetch(host.url + path, { headers });
  return {
    ...host,
    ask,
    statuses: async (...headers: Record<string, string>[]) => {
      const answers: number[] = [];
      for (const one of headers) answers.push((await ask(one)).status);
      return answers;
    },
  };
}
const ada = { authorization: 'ada' };
const bob = { authorization: 'bob' };
const from = (addresses: string) => ({ 'x-forwarded-for': addresses });

test('one caller too many times is refused with a problem that says when to come again, and others are served', async () => {
  const { ask, statuses, log } = await limited();
  expect(await statuses(ada, ada, ada, bob)).toEqual([200, 200, 429, 200]);
  const refused = await ask(ada);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({ type: 'too-many-requests', status: 429 });
  expect(log.lines).toEqual([]);
});

test('the caller that a token names counts from whatever address, and probes are never limited', async () => {
  const { ask, statuses } = await limited();
  expect(
    await statuses({ ...ada, ...from('1.1.1.1') }, { ...ada, ...from('2.2.2.2') }, { ...ada, ...from('3.3.3.3') }),
  ).toEqual([200, 200, 429]);
  for (let n = 0; n < 5; n += 1) expect((await ask(ada, '/health/live')).status).toBe(200);
});

test('without tokens the address that our proxy has seen counts, not what its caller made up', async () => {
  const { statuses } = await limited({ tokens: false });
  const same = [from('9.9.9.1, 1.1.1.1'), from('9.9.9.2, 1.1.1.1'), from('9.9.9.3, 1.1.1.1')];
  expect(await statuses(...same, from('1.1.1.1, 2.2.2.2'))).toEqual([200, 200, 429, 200]);
});

test('addresses of one IPv6 network are one caller', async () => {
  const { statuses } = await limited({ tokens: false });
  const [one, two, three] = ['2001:db8:1::1', '2001:db8:1::2', '2001:db8:1:1::3'].map(from);
  expect(await statuses(one ?? {}, two ?? {}, three ?? {}, from('2001:db8:ffff::1'))).toEqual([200, 200, 429, 200]);
});

test('the address is the entry of the outermost own proxy, or that of the connection', () => {
  const request = (header: string | undefined, remoteAddress = '10.0.0.1') =>
    ({ headers: { 'x-forwarded-for': header }, socket: { remoteAddress } }) as unknown as Parameters<
      typeof addressOf
    >[0];
  expect(addressOf(request('7.7.7.7, 1.1.1.1'), 1)).toBe('1.1.1.1');
  expect(addressOf(request('7.7.7.7, 1.1.1.1, 5.5.5.5'), 2)).toBe('1.1.1.1');
  expect(addressOf(request('1.1.1.1'), 0)).toBe('10.0.0.1');
  expect(addressOf(request('1.1.1.1'), 2)).toBe('10.0.0.1');
  expect(addressOf(request(undefined), 1)).toBe('10.0.0.1');
});
