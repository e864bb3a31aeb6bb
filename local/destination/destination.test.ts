import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type Destination, startDestination } from './index.ts';

const started: Destination[] = [];
const three = { east: {}, west: {}, store: {} };
const start = async (options: Partial<Parameters<typeof startDestination>[0]> = {}) => {
  const destination = await startDestination({ destinations: three, ...options });
  started.push(destination);
  return destination;
};
afterEach(() => Promise.all(started.splice(0).map((destination) => destination.stop())));

const deliver = (
  { url }: Destination,
  name: string,
  key: string | undefined,
  body = 'content',
  init: RequestInit = {},
) =>
  fetch(`${url}/${name}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...init,
  });
const statuses = async (destination: Destination, name: string, requests: number) => {
  const answers: number[] = [];
  for (let n = 0; n < requests; n++) answers.push((await deliver(destination, name, `k${n}`)).status);
  return answers;
};
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

test('a delivery is recorded with what arrived and when', async () => {
  const destination = await start({ now: () => new Date('2026-11-22T10:00:00Z') });
  const content = 'Grüße 🚚';
  const answer = await deliver(destination, 'east', 'file-1', content);
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({
    key: 'file-1',
    destination: 'east',
    sha256: sha256(content),
    bytes: Buffer.byteLength(content),
  });
  expect(destination.ledger.get('file-1')).toEqual({
    key: 'file-1',
    destination: 'east',
    sha256: sha256(content),
    bytes: Buffer.byteLength(content),
    contentType: 'text/plain',
    firstReceivedAt: '2026-11-22T10:00:00.000Z',
    lastReceivedAt: '2026-11-22T10:00:00.000Z',
    deliveries: 1,
    conflicts: 0,
  });
});

test('a repeat of the same content is a 200 and counts as a duplicate', async () => {
  const destination = await start();
  const answers = await Promise.all([1, 2, 3].map(async () => (await deliver(destination, 'west', 'k')).status));
  expect(answers.sort()).toEqual([200, 200, 201]);
  expect(destination.ledger.get('k')).toMatchObject({ deliveries: 3, conflicts: 0 });
  expect(destination.ledger.entries()).toHaveLength(1);
  expect(destination.ledger.totals()).toMatchObject({ entries: 1, deliveries: 3, duplicates: 2 });
});

test('a repeat with other content is a 409 and the first content stands', async () => {
  const destination = await start();
  await deliver(destination, 'west', 'k', 'one');
  expect((await deliver(destination, 'west', 'k', 'two')).status).toBe(409);
  expect(destination.ledger.get('k')).toMatchObject({ sha256: sha256('one'), deliveries: 1, conflicts: 1 });
});

test('the same key at another destination is another entry', async () => {
  const destination = await start();
  expect((await deliver(destination, 'west', 'k', 'one')).status).toBe(201);
  expect((await deliver(destination, 'store', 'k', 'two')).status).toBe(201);
  expect(destination.ledger.get('k', 'store')).toMatchObject({ sha256: sha256('two') });
  expect(destination.ledger.get('k', 'east')).toBeUndefined();
  expect(destination.ledger.get('k')).toMatchObject({ destination: 'west' });
  expect(destination.ledger.totals().byDestination).toEqual({ west: 1, store: 1 });
});

test('deliveries without a usable key, to an unknown place, too large or not posted are refused and not recorded', async () => {
  const destination = await start({ maxBodyBytes: 1_000 });
  expect((await deliver(destination, 'west', undefined)).status).toBe(400);
  expect((await deliver(destination, 'west', ' ')).status).toBe(400);
  expect((await deliver(destination, 'west', 'k'.repeat(256))).status).toBe(400);
  const unknown = await deliver(destination, 'imges', 'k');
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({
    error: 'There is no such destination; these are: east, west, store',
  });
  expect((await deliver(destination, 'west', 'k', 'x'.repeat(1_001))).status).toBe(413);
  expect((await fetch(`${destination.url}/west`)).status).toBe(405);
  expect(destination.ledger.entries()).toEqual([]);
});

test('a delivery that breaks off is not recorded and hurts nobody', async () => {
  const destination = await start();
  const socket = connect(Number(new URL(destination.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /west HTTP/1.1\r\nHost: 127.0.0.1\r\nIdempotency-Key: half\r\nContent-Length: 10\r\n\r\nabc');
  socket.destroy();
  await once(socket, 'close');
  expect((await deliver(destination, 'west', 'whole')).status).toBe(201);
  expect(destination.ledger.entries().map((entry) => entry.key)).toEqual(['whole']);
});

test('the ledger can be cleared and hands out copies', async () => {
  const destination = await start();
  await deliver(destination, 'west', 'k');
  for (const entry of [...destination.ledger.entries(), destination.ledger.get('k')]) if (entry) entry.deliveries = 99;
  expect(destination.ledger.get('k')).toMatchObject({ deliveries: 1 });
  destination.ledger.clear();
  expect(destination.ledger.entries()).toEqual([]);
  expect((await deliver(destination, 'west', 'k')).status).toBe(201);
});

test('a full ledger drops its oldest entries and counts them', async () => {
  const destination = await start({ maxEntries: 2 });
  await statuses(destination, 'west', 3);
  expect(destination.ledger.entries().map((entry) => entry.key)).toEqual(['k1', 'k2']);
  expect(destination.ledger.totals().dropped).toBe(1);
});

test('down for all refuses connections, and ok brings them back on the same port', async () => {
  const destination = await start();
  expect(await destination.faults.mode('down')).toMatchObject({ listening: false });
  await expect(deliver(destination, 'west', 'k')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(await destination.faults.mode('ok')).toMatchObject({ listening: true });
  expect((await deliver(destination, 'west', 'k')).status).toBe(201);
});

test('down for one answers 503 there and leaves the others alone', async () => {
  const destination = await start();
  await destination.faults.mode('down', { destination: 'west' });
  expect((await deliver(destination, 'west', 'k')).status).toBe(503);
  expect((await deliver(destination, 'store', 'k')).status).toBe(201);
});

test('one destination can be brought back while the others stay down', async () => {
  const destination = await start();
  await destination.faults.mode('down');
  await destination.faults.mode('ok', { destination: 'store' });
  expect((await deliver(destination, 'store', 'k')).status).toBe(201);
  expect((await deliver(destination, 'west', 'k')).status).toBe(503);
});

test('slow receives at once and answers late, so a sender without patience delivers twice', async () => {
  const destination = await start();
  await destination.faults.mode('slow', { ms: 60_000, destination: 'west' });
  const patience = new AbortController();
  const lost = expect(deliver(destination, 'west', 'k', 'content', { signal: patience.signal })).rejects.toThrow();
  await vi.waitFor(() => expect(destination.ledger.get('k')).toBeDefined());
  patience.abort();
  await lost;
  await destination.faults.mode('slow', { ms: 120 });
  const before = performance.now();
  expect((await deliver(destination, 'west', 'k')).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(110);
  expect(destination.ledger.get('k')).toMatchObject({ deliveries: 2 });
  expect(destination.faults.state().destinations.west).toHaveProperty('answers', { 200: 1 });
});

test('flaky fails a seeded share, in the same order whatever the other destinations receive', async () => {
  const destination = await start();
  await destination.faults.mode('flaky', { share: 0.5, seed: 4 });
  const answers = await statuses(destination, 'west', 30);
  expect(new Set(answers)).toEqual(new Set([201, 503]));
  expect(destination.ledger.entries()).toHaveLength(answers.filter((status) => status === 201).length);
  destination.ledger.clear();
  await destination.faults.mode('flaky', { share: 0.5, seed: 4 });
  await statuses(destination, 'store', 3);
  expect(await statuses(destination, 'west', 30)).toEqual(answers);
});

test('hang takes the delivery, never answers and records nothing', async () => {
  const destination = await start();
  await destination.faults.mode('hang', { destination: 'west' });
  const hanging = deliver(destination, 'west', 'k');
  const ended = expect(hanging).rejects.toThrow();
  await vi.waitFor(() => expect(destination.faults.state().destinations.west).toMatchObject({ answers: { hang: 1 } }));
  expect((await deliver(destination, 'store', 'k2')).status).toBe(201);
  expect(destination.ledger.get('k')).toBeUndefined();
  await destination.stop();
  await ended;
});

test('reject is permanent and throttle says how long to wait; neither records', async () => {
  const destination = await start();
  await destination.faults.mode('reject');
  expect((await deliver(destination, 'west', 'k')).status).toBe(422);
  await destination.faults.mode('throttle', { retryAfterSeconds: 7 });
  const throttled = await deliver(destination, 'west', 'k');
  expect(throttled.status).toBe(429);
  expect(throttled.headers.get('retry-after')).toBe('7');
  expect(destination.ledger.entries()).toEqual([]);
});

test('a canned answer is given to any request below its destination, which is recorded all the same', async () => {
  const answer = { status: 201, headers: { 'x-charge': '7' }, body: { charged: true } };
  const destination = await start({ destinations: { payments: { answer }, plain: { answer: {} }, east: {} } });
  const charged = await deliver(destination, 'payments/charges/7?dry=1', 'k', '{}', { method: 'PUT' });
  expect([charged.status, charged.headers.get('x-charge'), await charged.json()]).toEqual([
    201,
    '7',
    { charged: true },
  ]);
  expect((await fetch(`${destination.url}/plain`)).status).toBe(200);
  expect(destination.ledger.totals().byDestination).toEqual({ payments: 1, plain: 1 });
  expect((await deliver(destination, 'east/below', 'k')).status).toBe(404);
  await destination.faults.mode('down', { destination: 'payments' });
  expect((await deliver(destination, 'payments/charges/8', undefined)).status).toBe(503);
});

test('a destination can begin in a mode of its own, and an unknown one stops the start', async () => {
  const destination = await start({
    destinations: { slow: { fault: { mode: 'throttle', retryAfterSeconds: 3 } }, east: {} },
  });
  expect((await deliver(destination, 'slow', 'k')).headers.get('retry-after')).toBe('3');
  expect((await deliver(destination, 'east', 'k')).status).toBe(201);
  await expect(start({ destinations: { east: { fault: { mode: 'hnag' } } } })).rejects.toThrow(/no mode "hnag"/);
});

test('the state tells the mode and the answers of each destination', async () => {
  const destination = await start({ destinations: { a: {}, b: {} }, now: () => new Date('2026-11-22T10:00:00Z') });
  await deliver(destination, 'a', 'k');
  const state = await destination.faults.mode('slow', { ms: 9, destination: 'b' });
  const since = '2026-11-22T10:00:00.000Z';
  expect(state).toEqual({
    listening: true,
    destinations: {
      a: { mode: 'ok', since, answers: { 201: 1 } },
      b: { mode: 'slow', ms: 9, since, answers: {} },
    },
  });
});

test('an unknown mode, option or destination is refused and changes nothing', async () => {
  const { faults } = await start();
  await expect(faults.mode('hnag')).rejects.toThrow(/no mode "hnag"; choose one of ok, down, slow, flaky, hang/);
  await expect(faults.mode('slow', { seconds: 1 })).rejects.toThrow(/^Mode "slow": /);
  await expect(faults.mode('down', { destination: 'x' })).rejects.toThrow(/no destination "x"; choose one of east/);
  expect(Object.values(faults.state().destinations).map(({ mode }) => mode)).toEqual(['ok', 'ok', 'ok']);
});
