import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import { createHashes } from '../../../../src/observability/modules/security-events/hashes.ts';
import { createProducers } from '../../../../src/observability/modules/security-events/producers.ts';
import type { AnsweredRequest } from '../../../../src/observability/modules/security-events/security-counts.ts';
import { watchRequests } from '../../../../src/observability/modules/security-events/watch-requests.ts';
import { problemOfStatus } from '../../../../src/platform/problem.ts';
import { runningHost } from '../../../platform/running-host.ts';

type Noted = Omit<AnsweredRequest, 'at'>;
const hashes = createHashes((text) => createHmac('sha256', 'key').update(text).digest('hex'));

/** A service whose tokens are words: none, one without the role, and any other. */
async function watched() {
  const noted: Noted[] = [];
  const { serving } = createProducers(hashes);
  const callers: unknown[] = [];
  const { url, port } = await runningHost(
    (router) => {
      router.post('/parcels/:id', (_request, response) => {
        callers.push(serving.getStore()?.());
        response.status(202).send('x'.repeat(1_000));
      });
      router.get('/parcels/:id', () => {
        throw problemOfStatus(429);
      });
    },
    {
      http: [watchRequests(hashes, serving, (request) => noted.push(request))],
      async tokens({ headers: { authorization } }) {
        if (!authorization) throw problemOfStatus(401, undefined, { 'www-authenticate': 'Bearer' });
        const challenge = 'Bearer error="insufficient_scope", scope="x"';
        if (authorization === 'none') throw problemOfStatus(403, undefined, { 'www-authenticate': challenge });
        return { client: 'app-1', object: authorization };
      },
    },
  );
  const last = (count: number) =>
    vi.waitFor(() => {
      expect(noted).toHaveLength(count);
      return noted[count - 1] as Noted;
    });
  return { url, port, last, callers };
}

test('a request is noted with route, status, bytes and the hash of its caller', async () => {
  const { url, last, callers } = await watched();
  await fetch(`${url}/parcels/7`, { method: 'POST', headers: { authorization: 'ada' } });
  const caller = hashes.caller({ client: 'app-1', object: 'ada' });
  const seen = await last(1);
  expect(seen).toMatchObject({ Route: 'POST /parcels/:id', status: 202, Caller: caller, Client: 'app-1' });
  expect(seen.bytes).toBeGreaterThan(1_000);
  expect(seen.bytes).toBeLessThan(3_000);
  expect(callers).toEqual([caller]);
  expect(JSON.stringify(seen)).not.toContain('ada');
});

test('a refusal is noted with its code, and has no caller', async () => {
  const { url, last } = await watched();
  await fetch(`${url}/parcels/7`, { method: 'POST' });
  expect(await last(1)).toMatchObject({ status: 401, Reason: 'unauthorized', Caller: '', Route: 'POST /parcels/:id' });
  await fetch(`${url}/parcels/7`, { method: 'POST', headers: { authorization: 'none' } });
  expect(await last(2)).toMatchObject({ status: 403, Reason: 'insufficient_scope', Caller: '' });
  await fetch(`${url}/parcels/7`, { headers: { authorization: 'ada' } });
  expect(await last(3)).toMatchObject({ status: 429, Reason: 'too-many-requests', Client: 'app-1' });
  await fetch(`${url}/nothing`, { headers: { authorization: 'ada' } });
  expect(await last(4)).toMatchObject({ status: 404, Route: 'GET (no route)' });
});

test('the fingerprint is of the user agent and the order of header names, not of what a proxy adds', async () => {
  const { port, last } = await watched();
  let count = 0;
  const fingerprintOf = async (headers: readonly string[]) => {
    const sent = ['host', 'localhost', ...headers];
    httpRequest({ port, path: '/parcels/1', headers: sent }, (response) => response.resume()).end();
    count += 1;
    return (await last(count)).Fingerprint;
  };
  const plain = await fingerprintOf(['user-agent', 'curl/8', 'accept', '*/*']);
  expect(plain).toMatch(/^[0-9a-f]{32}$/);
  expect(await fingerprintOf(['user-agent', 'curl/8', 'accept', 'text/html'])).toBe(plain);
  expect(await fingerprintOf(['User-Agent', 'curl/8', 'x-forwarded-for', '10.0.0.1', 'accept', '*/*'])).toBe(plain);
  // A program that tries with and without a token is one program.
  expect(await fingerprintOf(['authorization', 'ada', 'user-agent', 'curl/8', 'accept', '*/*', 'cookie', 'a=b'])).toBe(
    plain,
  );
  expect(await fingerprintOf(['user-agent', 'curl/9', 'accept', '*/*'])).not.toBe(plain);
  expect(await fingerprintOf(['accept', '*/*', 'user-agent', 'curl/8'])).not.toBe(plain);
  expect(await fingerprintOf(['user-agent', 'curl/8', 'accept', '*/*', 'x-own', '1'])).not.toBe(plain);
});
