import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openFile } from '../../business/contents.ts';
import type { Follow, OutgoingRequest } from '../../business/local-business.ts';
import { sendRequests } from './send-requests.ts';
import { createTally } from './tally.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A service that answers each request by `handle`, which gets how often it was asked before. */
async function serve(handle: (request: IncomingMessage, response: ServerResponse, before: number) => unknown) {
  let asked = 0;
  const server = createServer(async (request, response) => {
    // A client that gives up in the middle of its body is what some of these tests are about.
    await Promise.resolve(handle(request, response, asked++)).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

async function accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  response.writeHead(202, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: request.headers['idempotency-key'] }));
}

const follow: Follow = {
  queue: 'parcels',
  sameContent: true,
  idInAnswer: (body) => (body as { id?: string } | undefined)?.id,
};

const request = (key: string, content = 'hello', expectedStatus?: number): OutgoingRequest => ({
  label: key,
  path: '/parcels',
  headers: { 'idempotency-key': key },
  expectedStatus,
  open: async () => ({ bytes: content.length, content: Readable.from([Buffer.from(content)]) }),
});

/** A request with the content of a file. */
const fromDisk = (path: string): OutgoingRequest => ({
  ...request(String(path.length)),
  label: path,
  open: () => openFile(path),
});

async function send(url: string, requests: readonly OutgoingRequest[], { timeoutMs = 5_000, concurrency = 2 } = {}) {
  const tally = createTally();
  const hesitations: string[] = [];
  await sendRequests({
    requests,
    url,
    follow,
    tally,
    concurrency,
    timeoutMs,
    hesitated: (reason) => hesitations.push(reason),
  });
  return { tally, result: tally.result(0), hesitations };
}

async function onDisk(name: string, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'send ü '));
  endings.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

test('a request travels with its method, path, headers and length', async () => {
  const path = await onDisk('größe 请.txt', 'content');
  const seen: IncomingMessage[] = [];
  const service = await serve((request, response) => {
    seen.push(request);
    return accept(request, response);
  });
  const { result } = await send(service.url, [{ ...fromDisk(path), method: 'PUT', path: '/parcels/7' }]);
  expect(result).toMatchObject({ sent: 1, accepted: 1 });
  expect(seen[0]).toMatchObject({
    method: 'PUT',
    url: '/parcels/7',
    headers: { 'content-length': '7', 'idempotency-key': path.length.toString() },
  });
});

test('without a way to follow a request its answer is its end', async () => {
  const service = await serve((_request, response) => response.writeHead(204).end());
  const tally = createTally();
  const requests = [request('a'), request('b')];
  await sendRequests({ requests, url: service.url, follow: undefined, tally, concurrency: 1, timeoutMs: 5_000 });
  expect(tally.result(0)).toMatchObject({ sent: 2, accepted: 2, delivered: 2, lost: 0 });
  expect(tally.ended()).toBe(2);
});

test('an accepted file waits for its end under the hash of what was really sent', async () => {
  const service = await serve(accept);
  const { tally } = await send(service.url, [request('a')]);
  expect([...tally.waiting]).toEqual([['a', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824']]);
});

test('503 and 429 are asked again after Retry-After and the same key makes it one file', async () => {
  const statuses = [503, 429];
  const keys: unknown[] = [];
  const service = await serve(async (request, response, before) => {
    keys.push(request.headers['idempotency-key']);
    const status = statuses[before];
    if (status === undefined) return accept(request, response);
    await buffer(request);
    response.writeHead(status, { 'retry-after': '0' }).end();
  });
  const { result, hesitations } = await send(service.url, [request('a')]);
  expect(result).toMatchObject({ accepted: 1, failed: 0 });
  expect(keys).toEqual(['a', 'a', 'a']);
  expect(hesitations).toEqual(['it answers 503', 'it answers 429']);
});

test('a connection that breaks before the answer is tried again', async () => {
  const service = await serve((request, response, before) =>
    before === 0 ? request.socket.destroy() : accept(request, response),
  );
  const { result } = await send(service.url, [request('a')]);
  expect(result).toMatchObject({ accepted: 1, failed: 0 });
});

test('4xx is final and counted by status, 5xx but 503 is a failure with its name', async () => {
  const statuses = [413, 400, 500];
  const service = await serve(async (request, response, before) => {
    await buffer(request);
    response.writeHead(statuses[before] ?? 202).end();
  });
  const { tally, result } = await send(service.url, [request('a'), request('b'), request('c')], { concurrency: 1 });
  expect(result).toMatchObject({ sent: 3, refused: { 413: 1, 400: 1 }, failed: 1 });
  expect(tally.findings).toEqual(['failed: c: the service answered 500']);
  expect(service.asked()).toBe(3);
});

test('an answer that the sample does not expect is a finding', async () => {
  const service = await serve(accept);
  const { tally } = await send(service.url, [request('good', 'x', 202), request('bad', 'x', 400)]);
  expect(tally.findings).toEqual(['unexpected: bad: answered 202 instead of 400']);
});

test('a refusal in the middle of a large body is heard, and the next file gets through', async () => {
  const service = await serve((request, response, before) => {
    if (before > 0) return accept(request, response);
    response.writeHead(413, { connection: 'close' }).end();
  });
  const path = await onDisk('large', Buffer.alloc(8 * 1024 * 1024));
  const { result } = await send(service.url, [fromDisk(path), request('a')], { concurrency: 1 });
  expect(result).toMatchObject({ sent: 2, accepted: 1, failed: 0, refused: { 413: 1 } });
});

test('a file that shrinks while it is read fails with its name and does not hang', async () => {
  const service = await serve(accept);
  const path = await onDisk('shrinking', 'ten bytes!');
  const outgoing = fromDisk(path);
  const shrinking = {
    ...outgoing,
    async open() {
      const opened = await outgoing.open();
      await truncate(path, 3);
      return opened;
    },
  };
  const { tally, result } = await send(service.url, [shrinking]);
  expect(result).toMatchObject({ sent: 1, failed: 1 });
  expect(tally.findings[0]).toMatch(/failed: .*shrinking: it changed while it was read: 3 of 10 bytes/);
});

test('a file that is gone when its turn comes fails with its name', async () => {
  const service = await serve(accept);
  const { tally } = await send(service.url, [fromDisk('/nowhere/at all')]);
  expect(tally.findings[0]).toMatch(/failed: .*at all: ENOENT/);
  expect(service.asked()).toBe(0);
});

test('a service that accepts nothing ends the sending after the timeout, and what was not asked for counts as failed', async () => {
  const service = await serve(async (request, response) => {
    await buffer(request);
    response.writeHead(503, { 'retry-after': '60' }).end();
  });
  const startedAt = performance.now();
  const files = Array.from({ length: 10 }, (_, index) => request(`f${index}`));
  const { tally, result } = await send(service.url, files, { timeoutMs: 300 });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(result).toMatchObject({ sent: 10, accepted: 0, failed: 10 });
  expect(service.asked()).toBe(2);
  expect(tally.findings[0]).toContain('the service answered 503');
});

test('a service that goes on accepting is waited for longer than the timeout', async () => {
  const service = await serve(async (request, response) => {
    await setTimeout(60);
    await accept(request, response);
  });
  const files = Array.from({ length: 6 }, (_, index) => request(`f${index}`));
  const { result } = await send(service.url, files, { timeoutMs: 250, concurrency: 1 });
  expect(result).toMatchObject({ sent: 6, accepted: 6, failed: 0 });
});

test('a service that never answers ends the sending after the timeout', async () => {
  const service = await serve(() => undefined);
  const { tally, result } = await send(service.url, [request('a')], { timeoutMs: 200 });
  expect(result).toMatchObject({ sent: 1, failed: 1 });
  expect(tally.findings[0]).toContain('answered nothing for too long');
});
