import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openBody } from '../../business/contents.ts';
import type { LocalBusiness } from '../../business/local-business.ts';
import { type TestedDashboard, testedDashboard } from '../dashboard.fixture.ts';
import type { DoctorAnswer, PlanAnswer, SendOptions, Sent, Transaction } from './contract.ts';

/** A service that takes what its name does not forbid, and the address of the destination that it hands it to. */
let handOn: string | undefined;
/** What it answers for whatever it gets. */
let sameId: string | undefined;
const got: { name: string; body: string }[] = [];
const traceparents: unknown[] = [];
const service = createServer(async (request, response) => {
  const name = decodeURIComponent(String(request.headers['x-name']));
  traceparents.push(request.headers.traceparent);
  const body = await text(request);
  response.setHeader('content-type', 'application/json');
  if (name === 'bad.txt') {
    response.statusCode = 400;
    return response.end('{"title":"Invalid file name","detail":"No."}');
  }
  got.push({ name, body });
  const parcelId = sameId ?? `file-${got.length}`;
  if (handOn) await fetch(handOn, { method: 'POST', headers: { 'idempotency-key': parcelId }, body });
  response.statusCode = 202;
  response.end(JSON.stringify({ parcelId }));
});

const request = (name: string, body = 'sample') => ({
  label: name,
  path: '/parcels',
  headers: { 'x-name': encodeURIComponent(name) },
  open: async () => openBody(Buffer.from(body)),
});
const business: LocalBusiness = {
  name: 'parcels',
  requests: {
    sample: ({ count }) => Array.from({ length: count }, (_, index) => request(`sample ${index}.txt`)),
    fromFiles: (paths) => paths.map((path) => request(path, 'from disk')),
    follow: { queue: 'parcels', idInAnswer: (body) => (body as { parcelId?: string }).parcelId },
  },
};

let tested: TestedDashboard;
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  tested = await testedDashboard({ businesses: [business], service: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await tested.stop();
});

const items = async () => (await tested.get<SendOptions>('/api/send')).data.sent;
const base64 = (content: string) => Buffer.from(content).toString('base64');

test('a file of the page goes as the business sends one, and is followed to the destination that has it', async () => {
  handOn = `${tested.destination.url}/south`;
  const name = '<img src=x onerror=alert(1)>.txt';
  const sent = await tested.send<Sent>('POST', '/api/send', { name, base64: base64('hello') });
  expect(sent).toMatchObject({ status: 202, body: { data: { items: [{ name, state: 'sending' }] } } });
  await vi.waitFor(
    async () =>
      expect((await items())[0]).toMatchObject({
        name,
        state: 'delivered',
        destination: 'south',
        bytes: 5,
        status: 202,
      }),
    10_000,
  );
  expect(got.at(-1)).toEqual({ name, body: 'hello' });
  handOn = undefined;
});

test('what was sent is a transaction before any of its rows has come, by the ids of its operation and its message', async () => {
  await tested.send('POST', '/api/send', { name: 'followed.txt', base64: base64('x') });
  await vi.waitFor(async () => expect((await items())[0]).toMatchObject({ name: 'followed.txt', state: 'accepted' }));
  const [{ operationId = '', messageId = '' } = {}] = await items();
  expect(traceparents.at(-1)).toContain(`00-${operationId}-`);
  for (const id of [operationId, messageId]) {
    const { data } = await tested.get<Transaction>(`/api/transactions/${id}`);
    expect(data.facts).toMatchObject({ operationId, messageId, outcome: { kind: 'waiting', code: '202' } });
    expect(data.story.map(({ label }) => label)).toEqual(['Accepted', 'On its way']);
    expect(data.items).toEqual([]);
  }
});

test('two files with the same content have one message, and both are delivered', async () => {
  sameId = 'file-twice';
  handOn = `${tested.destination.url}/south`;
  for (const name of ['one.txt', 'two.txt']) await tested.send('POST', '/api/send', { name, base64: base64('same') });
  await vi.waitFor(async () => {
    const states = (await items()).slice(0, 2).map(({ name, state }) => [name, state]);
    expect(states).toEqual([
      ['two.txt', 'delivered'],
      ['one.txt', 'delivered'],
    ]);
  }, 10_000);
  handOn = undefined;
  sameId = undefined;
});

test('what the service refuses is told in its words', async () => {
  await tested.send('POST', '/api/send', { name: 'bad.txt', base64: base64('x') });
  await vi.waitFor(async () =>
    expect((await items())[0]).toMatchObject({ state: 'refused', status: 400, detail: 'Invalid file name: No.' }),
  );
});

test('a sample is sent whole', async () => {
  const sent = await tested.send<Sent>('POST', '/api/send', { sample: 20 });
  expect(sent.body.data.items).toHaveLength(20);
  await vi.waitFor(
    async () =>
      expect(
        (await items()).filter(({ state, name }) => state === 'accepted' && name.startsWith('sample')),
      ).toHaveLength(20),
    10_000,
  );
});

test('what cannot be sent is refused', async () => {
  for (const body of [{}, { name: 'a', base64: '***' }, { sample: 0 }, { sample: 1e9 }, { name: '', base64: '' }])
    expect((await tested.send('POST', '/api/send', body)).status, JSON.stringify(body)).toBe(400);
});

test('the stand-ins are told with their modes', async () => {
  const { data } = await tested.get<SendOptions>('/api/send');
  expect(data).toMatchObject({ files: true, sample: true, target: 'POST /parcels' });
  await tested.destination.faults.mode('reject', { destination: 'south' });
  const { faults } = (await tested.get<SendOptions>('/api/send')).data;
  expect(faults.map(({ target, mode }) => [target, mode])).toEqual([
    ['destination', 'reject'],
    ['ingestion', 'ok'],
    ['service-bus', 'ok'],
  ]);
  for (const { target, modes } of faults)
    for (const mode of modes) {
      const { status } = await tested.send('PUT', `/api/faults/${target}`, { mode });
      expect(status, `${target} ${mode}`).toBe(200);
      await tested.send('PUT', `/api/faults/${target}`, { mode: 'ok' });
    }
});

test('where operator/ was deleted, plan and doctor say so, and a replay is refused in words', async () => {
  const plan = await tested.get<PlanAnswer>('/api/plan?from=2&to=3');
  expect(plan.data.unavailable).toContain('operator/plan.ts');
  expect((await tested.get<DoctorAnswer>('/api/doctor')).data.unavailable).toContain('operator/doctor.ts');
  const replay = await tested.send('POST', '/api/queues/parcels/replays', { filter: {}, dryRun: true });
  expect(replay).toMatchObject({ status: 501, body: { detail: expect.stringContaining('operator/dead-letters.ts') } });
});
