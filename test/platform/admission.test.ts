import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { createAdmission, mostHeldBytes } from '../../src/platform/admission.ts';
import { rawConnection } from './raw-http.ts';
import { recordedLog } from './recorded-log.ts';
import { runningHost } from './running-host.ts';

const kb = 1_024;

/** A host that holds `room` KB, whose only route is answered by the test; a request of 84 KB takes 100. */
async function heldHost(room: number) {
  const waiting: Response[] = [];
  const host = await runningHost(
    (router) => {
      router.all('/parcels', (_request, response) => void waiting.push(response));
    },
    { maxHeldBytes: room * kb },
  );
  const post = (kilobytes: number, init: RequestInit = {}) =>
    fetch(`${host.url}/parcels`, { method: 'POST', body: Buffer.alloc(kilobytes * kb), ...init });
  const waitFor = (count: number) => vi.waitFor(() => expect(waiting).toHaveLength(count));
  const answer = () => waiting.shift()?.end();
  return { ...host, post, waitFor, answer };
}

test('what would not fit beside the requests that wait is 503 at once with Retry-After, and logged once a minute', async () => {
  const { post, waitFor, answer, log } = await heldHost(250);
  const first = [post(84), post(84)];
  await waitFor(2);
  for (const refused of [await post(84), await post(40)]) {
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ type: 'service-busy', status: 503 });
  }
  expect(log.lines).toMatchObject([{ severity: 'warning', fields: { refused: 1, heldBytes: 200 * kb } }]);

  answer();
  expect((await Promise.race(first)).status).toBe(200);
  first.push(post(84));
  await waitFor(2);
  answer();
  answer();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('it is refused before its body is read', async () => {
  const { port, post, waitFor, answer } = await heldHost(150);
  const first = post(84);
  await waitFor(1);
  const connection = await rawConnection(port);
  connection.send(`POST /parcels HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${84 * kb}\r\n\r\nbegin`);
  await vi.waitFor(() => expect(connection.text()).toContain(' 503 '));
  answer();
  await first;
});

test('a body whose length is unknown before it is read counts as the largest', async () => {
  const { post, waitFor, answer } = await heldHost(250);
  const chunked = { body: new Blob(['x']).stream(), duplex: 'half' } as const;
  const first = post(84);
  await waitFor(1);
  expect((await post(0, chunked)).status).toBe(503);
  expect((await post(0, { body: 'x', headers: { 'content-encoding': 'gzip' } })).status).toBe(503);
  answer();
  await first;
});

test('a request without a body is let in however many wait', async () => {
  const { url, post, waitFor, answer } = await heldHost(100);
  const answers = [post(84)];
  await waitFor(1);
  answers.push(fetch(`${url}/parcels`), fetch(`${url}/parcels`, { method: 'DELETE' }));
  await waitFor(3);
  for (let n = 0; n < 3; n += 1) answer();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a caller that goes away gives its room back', async () => {
  const { post, waitFor, answer } = await heldHost(150);
  const leaving = new AbortController();
  const left = post(84, { signal: leaving.signal }).catch(() => 'left');
  await waitFor(1);
  leaving.abort();
  expect(await left).toBe('left');
  answer();
  let next = left as Promise<unknown>;
  await vi.waitFor(async () => {
    next = post(84);
    await Promise.race([next, waitFor(1).catch(() => {})]);
    await waitFor(1); // it waits for its answer: it was let in
  });
  answer();
  expect(await next).toMatchObject({ status: 200 });
});

test('a thousand small bodies at the same time fit, and so do two hundred large ones', () => {
  for (const [count, length] of [
    [1_000, 2 * kb],
    [200, 190 * kb],
  ] as const) {
    const admit = createAdmission(mostHeldBytes, recordedLog());
    const request = { headers: { 'content-length': String(length) } } as Parameters<typeof admit>[0];
    let admitted = 0;
    for (let n = 0; n < count; n += 1) {
      admit(request, new EventEmitter() as Parameters<typeof admit>[1], () => {
        admitted += 1;
      });
    }
    expect(admitted).toBe(count);
  }
});
