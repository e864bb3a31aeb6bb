import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { openBody } from '../../business/contents.ts';
import type { OutgoingRequest } from '../../business/local-business.ts';
import type { Chosen } from './choose-business.ts';
import { readServiceUrl, sendToUrl } from './send-to-url.ts';

const endings: (() => unknown)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
  vi.restoreAllMocks();
});

/** A service that is deployed: it answers with `statuses`, one after the other. */
async function deployed(...statuses: number[]) {
  const seen: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    seen.push(request);
    await buffer(request);
    response.writeHead(statuses[seen.length - 1] ?? 202).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.close().closeAllConnections());
  return { port: (server.address() as AddressInfo).port, seen };
}

const parcel = (label: string): OutgoingRequest => ({
  label,
  path: '/parcels',
  headers: { 'content-type': 'application/json' },
  open: async () => openBody({ label }),
});
const choose = (...requests: OutgoingRequest[]): Chosen => ({
  requests: () => requests,
  follow: { queue: 'parcels', idInAnswer: () => 'an id that nothing here can follow' },
});
const asked = { paths: [], sample: 3, seed: 1, timeoutMs: 1_000, concurrency: 1, json: true };

/** Sends, and resolves with the exit code and what was printed. */
async function send(url: string, chosen: Chosen, { token, json = true }: { token?: string; json?: boolean } = {}) {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) => {
    const lines: string[] = [];
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    return lines;
  }) as [string[], string[]];
  const code = await sendToUrl({ ...asked, json }, chosen, readServiceUrl(url), token);
  vi.restoreAllMocks();
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

test('the answers are counted and nothing is said of an end that is not seen', async () => {
  const service = await deployed(202, 400, 202);
  const requests = choose(parcel('a'), parcel('b'), parcel('c'));
  const { code, stdout } = await send(`http://127.0.0.1:${service.port}`, requests);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    sent: 3,
    accepted: 2,
    refused: { 400: 1, 413: 0 },
    failed: 0,
    seconds: expect.any(Number),
    firstTrace: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const table = await send(`http://127.0.0.1:${service.port}`, choose(parcel('a')), { json: false });
  expect(table.stdout).toMatch(/accepted +1 +answered with 2xx; how it ended is not seen from here/);
  expect(table.stdout).not.toMatch(/delivered|lost/);
});

test('each request begins a trace of its own, and carries the token when there is one', async () => {
  const service = await deployed();
  const url = `http://127.0.0.1:${service.port}`;
  const { stdout } = await send(url, choose(parcel('a'), parcel('b')), { token: 'a.b.c' });
  const traces = service.seen.map(
    ({ headers }) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(`${headers.traceparent}`)?.[1],
  );
  expect(new Set(traces).size).toBe(2);
  expect(JSON.parse(stdout).firstTrace).toBe(traces[0]);
  expect(service.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer a.b.c', 'Bearer a.b.c']);
  await send(url, choose(parcel('c')));
  expect(service.seen[2]?.headers).not.toHaveProperty('authorization');
});

test('a service that accepts nothing makes the exit code 1', async () => {
  const service = await deployed(401);
  expect(await send(`http://127.0.0.1:${service.port}`, choose(parcel('a')))).toMatchObject({ code: 1 });
});

test('an https address is spoken to by TLS', async () => {
  const { port } = await deployed();
  const { code, stderr } = await send(`https://127.0.0.1:${port}`, choose(parcel('a')));
  expect(code).toBe(1);
  expect(stderr).toMatch(/failed: a: .*(SSL|wrong version|EPROTO)/i);
});

test.each([
  'http://orders.example.com',
  'orders.example.com',
  'https://orders.example.com/orders',
  'https://a:b@c.example',
])('the address %s is refused before anything is sent', (text) => {
  expect(() => readServiceUrl(text)).toThrow('--url takes an https address without a path');
});

test('a message is refused: no queue is reached from outside', async () => {
  const { port } = await deployed();
  const message = { label: 'an order', target: 'orders', messageId: '1', open: async () => openBody({}) };
  await expect(send(`http://127.0.0.1:${port}`, choose(message))).rejects.toThrow(
    'an order is a message for orders: --url reaches routes only.',
  );
});
