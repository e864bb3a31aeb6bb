import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, readRetryAfter } from '../../../src/business/file-router/destination.ts';
import { PermanentError, TransientError } from '../../../src/platform/errors.ts';

let answer: { status: number; headers?: Record<string, string> } = { status: 200 };
let received: { headers: Record<string, unknown>; body: Buffer } | undefined;

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received = { headers: request.headers, body: Buffer.concat(chunks) };
  response.writeHead(answer.status, answer.headers).end('a body that nobody reads');
});
let url: URL;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/documents`);
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));

const file = { fileId: 'f-1', name: 'Größe.txt', contentType: 'text/plain', content: Buffer.from([0, 255, 10]) };
const attempt = (signal = AbortSignal.timeout(5000)) =>
  deliver(url, file, signal).then(
    () => undefined,
    (error: Error) => error,
  );

test('the destination gets the bytes, the media type, the encoded name and the key that makes a copy recognisable', async () => {
  answer = { status: 201 };
  expect(await attempt()).toBeUndefined();
  expect(received?.body).toEqual(file.content);
  expect(received?.headers).toMatchObject({
    'content-type': 'text/plain',
    'x-file-name': 'Gr%C3%B6%C3%9Fe.txt',
    'idempotency-key': 'f-1',
  });
});

test.each([400, 401, 403, 404, 409, 410, 413, 422])('the answer %i is a refusal for good', async (status) => {
  answer = { status };
  const error = await attempt();
  expect(error).toBeInstanceOf(PermanentError);
  expect(error).toMatchObject({ reason: 'DestinationRefused' });
});

test.each([301, 302, 303, 307, 308])(
  'the redirect %i is a refusal for good, and its target gets nothing',
  async (status) => {
    let asked = 0;
    const target = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
    answer = { status, headers: { location: `http://127.0.0.1:${(target.address() as AddressInfo).port}/documents` } };
    const error = await attempt();
    await new Promise((done) => target.close(done).closeAllConnections());
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({
      reason: 'DestinationRefused',
      message: `The destination answered ${status}, a redirect, which is never followed: let FILE_ROUTER_DESTINATION_URL name the final address.`,
    });
    expect(asked).toBe(0);
  },
);

test.each([408, 425, 429, 500, 502, 503, 504])('after the answer %i another try may succeed', async (status) => {
  answer = { status };
  expect(await attempt()).toBeInstanceOf(TransientError);
});

test('a Retry-After is carried to whoever retries', async () => {
  answer = { status: 429, headers: { 'retry-after': '7' } };
  expect(await attempt()).toMatchObject({ retryAfterMs: 7000 });
});

test('an answer is read to its end, by which the SDK ends the span of the call', async () => {
  let late: ServerResponse | undefined;
  const slow = createServer((request, response) => {
    request.resume();
    late = response;
    response.write('the first part');
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  let ended = 0;
  const onHeaders = () => setImmediate(() => late?.end('the last part'));
  const onEnd = () => (ended += 1);
  subscribe('undici:request:headers', onHeaders);
  subscribe('undici:request:trailers', onEnd);
  await deliver(new URL(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`), file, AbortSignal.timeout(5000));
  unsubscribe('undici:request:headers', onHeaders);
  unsubscribe('undici:request:trailers', onEnd);
  await new Promise((done) => slow.close(done).closeAllConnections());
  expect(ended).toBe(1);
});

test('a destination that cannot be reached is transient, with the cause', async () => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  const error = await deliver(new URL(`http://127.0.0.1:${port}/`), file, AbortSignal.timeout(5000)).catch((e) => e);
  expect(error).toBeInstanceOf(TransientError);
  expect((error as Error).cause).toBeDefined();
});

test('Retry-After is read as seconds or as a date, and anything else counts as absent', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5000);
  expect(readRetryAfter('Wed, 31 Dec 2025 23:59:00 GMT', now)).toBe(0);
  expect(readRetryAfter('soon', now)).toBeUndefined();
  expect(readRetryAfter(null, now)).toBeUndefined();
});
