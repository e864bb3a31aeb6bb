import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../application-insights/index.ts';
import { type Destination, startDestination } from '../destination/index.ts';
import { type ServiceBus, startServiceBus } from '../service-bus/index.ts';
import { type Control, startControl } from './index.ts';

const token = 'the token of this test';
const names = ['north', 'south'];
let destination: Destination;
let ingestion: ApplicationInsights;
let serviceBus: ServiceBus;
let control: Control;

beforeAll(async () => {
  [destination, ingestion, serviceBus] = await Promise.all([
    startDestination({ destinations: { north: {}, south: {} } }),
    startApplicationInsights(),
    startServiceBus({ entities: { queues: { parcels: {} } } }),
  ]);
  control = await startControl({
    token,
    standIns: {
      switches: { destination, ingestion, 'service-bus': serviceBus },
      workspace: ingestion.workspace,
      story: async (id) => ingestion.rows('AppTraces', { operationId: id }),
      ledger: (key) => names.flatMap((name) => destination.ledger.get(key, name) ?? []),
      alerts: () => [{ name: 'restarts', state: 'quiet' }],
    },
  });
});
afterAll(async () => {
  await Promise.all([control, destination, ingestion, serviceBus].map((part) => part?.stop()));
});

const json = { 'content-type': 'application/json' };
const allowed = { ...json, authorization: `Bearer ${token}` };

/** Not fetch, which sets Host and Origin as it likes. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    request(new URL(path, control.url), { method, headers, agent: false }, async (answer) =>
      resolve({ status: answer.statusCode, text: await text(answer) }),
    )
      .once('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const down = { mode: 'down' };
const mode = () => ingestion.faults.state().mode;

test.each([
  ['a foreign Host', { ...allowed, host: 'evil.example' }, 403],
  ['a foreign Origin', { ...allowed, origin: 'http://evil.example' }, 403],
  ['a body that is not JSON by its type', { 'content-type': 'text/plain', authorization: `Bearer ${token}` }, 415],
  ['no token', json, 401],
  ['another token', { ...json, authorization: `Bearer ${token.slice(0, -1)}!` }, 401],
])('a change with %s is refused and nothing changes', async (_what, headers, status) => {
  expect(await ask('PUT', '/api/faults/ingestion', headers, down)).toMatchObject({ status });
  expect(mode()).toBe('ok');
});

test('reading with a foreign Host is refused too', async () => {
  expect(await ask('GET', '/api/rows/AppRequests', { host: 'evil.example' })).toMatchObject({ status: 403 });
});

test('a mode with its options is passed on and the new state comes back', async () => {
  const answer = await ask('PUT', '/api/faults/ingestion', allowed, { mode: 'slow', ms: 7 });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({ mode: 'slow', ms: 7 });
  expect(JSON.parse((await ask('GET', '/api/faults')).text)).toMatchObject({ ingestion: { mode: 'slow' } });
  await ask('PUT', '/api/faults/ingestion', allowed, { mode: 'ok' });
  expect(mode()).toBe('ok');
});

test.each(['destination', 'ingestion', 'service-bus'])('%s answers an unknown mode with the list', async (standIn) => {
  const answer = await ask('PUT', `/api/faults/${standIn}`, allowed, { mode: 'upside-down' });
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(/upside-down.*ok, down, slow, flaky/);
});

test('an unknown stand-in is answered with the list', async () => {
  const answer = await ask('PUT', '/api/faults/toString', allowed, down);
  expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('destination, ingestion, service-bus') });
});

test('a body that is no JSON, too large or of another shape is refused in words', async () => {
  const raw = await ask('POST', '/api/ledger', allowed, undefined);
  expect(raw).toMatchObject({ status: 400, text: expect.stringContaining('cannot be read') });
  expect(await ask('POST', '/api/ledger', allowed, { keys: 'x'.repeat(300_000) })).toMatchObject({ status: 413 });
  expect(await ask('POST', '/api/ledger', allowed, { keys: [1] })).toMatchObject({ status: 400 });
});

test('the ledger tells which keys have arrived, where and with what content', async () => {
  const headers = { 'idempotency-key': 'file-1', 'content-type': 'text/plain' };
  for (const name of names) await fetch(`${destination.url}/${name}`, { method: 'POST', headers, body: 'hello' });
  const answer = await ask('POST', '/api/ledger', allowed, { keys: ['file-1', 'file-2'] });
  const sha256 = createHash('sha256').update('hello').digest('hex');
  expect(JSON.parse(answer.text).found).toMatchObject([
    { key: 'file-1', destination: 'north', sha256, deliveries: 1 },
    { key: 'file-1', destination: 'south', sha256, deliveries: 1 },
  ]);
});

test('rows come as JSON lines, all or those of one operation', async () => {
  for (const OperationId of ['op-1', 'op-2']) {
    await fetch(`${ingestion.url}/v2.1/track`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        time: new Date().toISOString(),
        iKey: '00000000-0000-0000-0000-000000000000',
        tags: { 'ai.operation.id': OperationId },
        data: { baseType: 'MessageData', baseData: { message: 'line\u2028and paragraph', severityLevel: 1 } },
      }),
    });
  }
  const all = await ask('GET', '/api/rows/AppTraces');
  expect(
    all.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).OperationId),
  ).toEqual(['op-1', 'op-2']);
  const one = await ask('GET', '/api/rows/AppTraces?operation=op-2');
  expect(one.text.trimEnd().split('\n')).toHaveLength(1);
});

test('an unknown table is answered with the list, an unknown path with 404', async () => {
  expect(await ask('GET', '/api/rows/AppNothing')).toMatchObject({
    status: 404,
    text: expect.stringContaining('AppRequests'),
  });
  for (const path of ['/index.html', '/api', '/api/story', '/api/rows/a/b', '/api/%ff', '/etc/passwd']) {
    expect(await ask('GET', path), path).toMatchObject({ status: 404 });
  }
});

test('rows can be asked for by number and count, and the answer says where to go on', async () => {
  const first = await fetch(`${control.url}/api/rows/AppTraces?last=1&named`);
  const received = Number(first.headers.get('x-rows-next'));
  expect(JSON.parse(await first.text())).toMatchObject({ OperationId: 'op-2' });
  expect(await ask('GET', `/api/rows/AppTraces?from=${received}`)).toMatchObject({ status: 200, text: '' });
  const one = await ask('GET', `/api/rows/AppTraces?from=${received - 1}`);
  expect(one.text.trimEnd().split('\n')).toHaveLength(1);
});

test('the rows of one story come as JSON lines', async () => {
  const { text: lines } = await ask('GET', '/api/story/op-1');
  expect(JSON.parse(lines)).toMatchObject({ OperationId: 'op-1' });
  expect(await ask('GET', '/api/story/nothing')).toMatchObject({ status: 200, text: '' });
});

test('every address that is not of the commands belongs to the page, whoever asks from here', async () => {
  const asked: (string | undefined)[] = [];
  const withPage = await startControl({
    token,
    standIns: {
      switches: { destination, ingestion, 'service-bus': serviceBus },
      workspace: ingestion.workspace,
      story: async () => [],
      ledger: () => [],
    },
    page({ url }, response) {
      asked.push(url);
      response.end('the page');
    },
  });
  try {
    for (const path of ['/', '/transactions/1', '/api/overview', '/api', '/assets/page/main.ts'])
      expect(await (await fetch(new URL(path, withPage.url))).text(), path).toBe('the page');
    expect(await (await fetch(new URL('/api/faults', withPage.url))).json()).toHaveProperty('ingestion');
    expect(asked).toHaveLength(5);
  } finally {
    await withPage.stop();
  }
});

test('the alert rules come with their state', async () => {
  const { status, text: rules } = await ask('GET', '/api/alerts');
  expect([status, JSON.parse(rules)]).toEqual([200, { rules: [{ name: 'restarts', state: 'quiet' }] }]);
});

test('the facts of the run are shown without the token', async () => {
  control.show({ pid: 1, level: 2 });
  expect(await ask('GET', '/api/run')).toMatchObject({ status: 200, text: '{"pid":1,"level":2}\n' });
});
