import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { describe, expect, test, vi } from 'vitest';
import { takeOver } from '../../../../src/observability/modules/telemetry-spool/takeover.ts';
import { newStateDir, ok, partly, startEndpoint, startSpool } from './tested-spool.ts';

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const down = { status: 503 };

describe('an endpoint that works', () => {
  test('gets each batch at once, and nothing of it stays', async (ends) => {
    const endpoint = await startEndpoint(ends);
    const { send, files } = startSpool(ends, { stateDir: newStateDir(ends) });
    expect((await send(endpoint.url, [1, 2])).status).toBe(200);
    expect(endpoint.items()).toEqual([[1, 2]]);
    await until(() => expect(files()).toEqual([]));
  });

  test('and does not answer: the batch is on disk from the beginning, so that a kill loses nothing', async (ends) => {
    const endpoint = await startEndpoint(ends, () => undefined);
    const stateDir = newStateDir(ends);
    const { send, files } = startSpool(ends, { stateDir });
    const startedAt = performance.now();
    const sent = send(endpoint.url, [1]);
    await until(() => expect(files()).toHaveLength(1));
    expect(performance.now() - startedAt).toBeLessThan(900); // the request is still under way
    expect(readFileSync(join(stateDir, files()[0] ?? ''), 'utf8')).toBe('[1]');
    expect((await sent).status).toBe(200);
    endpoint.state.answer = () => ok;
    await until(() => expect(files()).toEqual([]));
  });

  test('refuses a batch for good: the exporter is told, and nobody tries again', async (ends) => {
    const endpoint = await startEndpoint(ends, () => ({ status: 402 }));
    const { send, files } = startSpool(ends, { stateDir: newStateDir(ends) });
    expect((await send(endpoint.url, [1])).status).toBe(402);
    await until(() => expect(files()).toEqual([]));
    expect(endpoint.received).toHaveLength(1);
  });

  test('redirects: the exporter is told, which knows where it may go', async (ends) => {
    const endpoint = await startEndpoint(ends, () => ({ status: 308, headers: { location: 'http://127.0.0.1:1/' } }));
    const { send, files } = startSpool(ends, { stateDir: newStateDir(ends) });
    expect((await send(endpoint.url, [1])).status).toBe(308);
    await until(() => expect(files()).toEqual([]));
  });
});

describe('an outage', () => {
  test.for([401, 403, 408, 429, 439, 500, 502, 503, 504])(
    'with answer %d is survived: batches arrive once, in order, and the exporter hears of no failure',
    async (status, ends) => {
      const headers: Record<string, string> = status === 439 ? { 'retry-after': '1' } : {};
      const endpoint = await startEndpoint(ends, () => ({ status, headers }));
      const { send, files, lines, lost } = startSpool(ends, { stateDir: newStateDir(ends) });
      for (const item of [1, 2, 3]) expect((await send(endpoint.url, [item])).status).toBe(200);
      const refused = endpoint.received.length;
      endpoint.state.answer = () => ok;
      await until(() => expect(files()).toEqual([]));
      const taken = endpoint.items().slice(refused);
      expect(taken.slice(-3)).toEqual([[1], [2], [3]]);
      expect(lost()).toEqual([]);
      expect(lines()).toEqual(['telemetry cannot be delivered and is kept', 'telemetry is delivered again']);
    },
  );

  test('costs the service no time: while it lasts nothing is sent but the trial', async (ends) => {
    const endpoint = await startEndpoint(ends, () => down);
    const { send } = startSpool(ends, { stateDir: newStateDir(ends), firstDelayMs: 60_000 });
    await send(endpoint.url, [0]);
    for (let item = 1; item <= 50; item++) await send(endpoint.url, [item]);
    expect(endpoint.received).toHaveLength(1);
  });

  test('ends no earlier than the endpoint asked for', async (ends) => {
    const endpoint = await startEndpoint(ends, (_, nth) =>
      nth === 1 ? { status: 429, headers: { 'retry-after': '1' } } : ok,
    );
    const { send } = startSpool(ends, { stateDir: newStateDir(ends), firstDelayMs: 1 });
    await send(endpoint.url, [1]);
    await until(() => expect(endpoint.received).toHaveLength(2));
    const [first, second] = endpoint.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  });

  test('is shown as degraded, with since when and why', async (ends) => {
    const endpoint = await startEndpoint(ends, () => down);
    const { send, spool } = startSpool(ends, { stateDir: newStateDir(ends) });
    expect(spool.health()).toEqual({ ok: true });
    await send(endpoint.url, [1]);
    expect(spool.health()).toEqual({
      ok: false,
      reason: expect.stringMatching(/since 2.*answered with 503.*1 batches/),
    });
    endpoint.state.answer = () => ok;
    await until(() => expect(spool.health()).toEqual({ ok: true }));
  });

  test('leaves no token on disk, and the replay sends the newest', async (ends) => {
    const endpoint = await startEndpoint(ends, () => down);
    const stateDir = newStateDir(ends);
    const { send, files } = startSpool(ends, { stateDir });
    await send(endpoint.url, [1], { authorization: 'Bearer old' });
    await send(endpoint.url, [2], { authorization: 'Bearer new' });
    for (const file of files()) expect(readFileSync(join(stateDir, file), 'utf8')).not.toContain('Bearer');
    endpoint.state.answer = () => ok;
    await until(() => expect(files()).toEqual([]));
    expect(endpoint.received.slice(-2).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer new',
      'Bearer new',
    ]);
  });
});

test('a replay is no call of the service: nothing traces it, whatever was active when it was planned', async (ends) => {
  new NodeTracerProvider().register();
  const suppressed: boolean[] = [];
  const onRequest = () => suppressed.push(isTracingSuppressed(context.active()));
  subscribe('http.client.request.created', onRequest);
  ends.onTestFinished(() => {
    unsubscribe('http.client.request.created', onRequest);
    context.disable();
  });
  const endpoint = await startEndpoint(ends, (_, nth) => (nth === 1 ? down : ok));
  const { send, files } = startSpool(ends, { stateDir: newStateDir(ends) });
  await send(endpoint.url, [1]);
  await until(() => expect(files()).toEqual([]));
  expect(suppressed).toEqual([false, true]);
});

describe('a batch that is taken in part', () => {
  test('keeps only what may be taken later, and tells the exporter of what is lost', async (ends) => {
    const answer = partly({ index: 0, statusCode: 400 }, { index: 2, statusCode: 429 }, { index: 3, statusCode: 500 });
    const endpoint = await startEndpoint(ends, (_, nth) => (nth === 1 ? answer : ok));
    const { send, files } = startSpool(ends, { stateDir: newStateDir(ends) });
    const told = await send(endpoint.url, [10, 11, 12, 13]);
    expect(told.status).toBe(206);
    expect(JSON.parse(told.bodyAsText ?? '').errors).toEqual([{ index: 0, statusCode: 400, message: 'no' }]);
    await until(() => expect(files()).toEqual([]));
    expect(endpoint.items()).toEqual([
      [10, 11, 12, 13],
      [12, 13],
    ]);
  });

  test('in a replay too; and what ingestion sampling dropped is never sent again', async (ends) => {
    const sampledOut = { index: 1, statusCode: 429, message: 'Telemetry sampled out.' };
    const answers = [down, partly({ index: 0, statusCode: 503 }, sampledOut), ok];
    const endpoint = await startEndpoint(ends, (_, nth) => answers[nth - 1]);
    const { send, files, lost } = startSpool(ends, { stateDir: newStateDir(ends) });
    await send(endpoint.url, [1, 2, 3]);
    await until(() => expect(files()).toEqual([]));
    expect(endpoint.items()).toEqual([[1, 2, 3], [1, 2, 3], [1]]);
    expect(lost()).toEqual([2]);
  });
});

describe('bounds', () => {
  test('the oldest batches go first, and are told as lost', async (ends) => {
    const endpoint = await startEndpoint(ends, () => down);
    const limits = { diskBytes: 30 };
    const { send, files, lost } = startSpool(ends, { stateDir: newStateDir(ends), limits, firstDelayMs: 60_000 });
    for (let item = 100_000_000; item < 100_000_005; item++) await send(endpoint.url, [item]);
    await until(() => expect(files()).toHaveLength(2));
    await until(() => expect(lost()).toEqual([100_000_000, 100_000_001, 100_000_002]));
  });

  test('what is too old is given up', async (ends) => {
    let now = new Date('2026-01-01');
    const endpoint = await startEndpoint(ends, () => down);
    const { send, lost } = startSpool(ends, {
      stateDir: newStateDir(ends),
      clock: { now: () => now },
      firstDelayMs: 60_000,
    });
    await send(endpoint.url, [1]);
    now = new Date('2026-01-03T00:00:01Z');
    await send(endpoint.url, [2]);
    await until(() => expect(lost()).toEqual([1]));
  });

  test('one batch that the endpoint never takes does not keep the others, and is given up in the end', async (ends) => {
    const endpoint = await startEndpoint(ends, ([item]) => (item === 13 ? { status: 500 } : ok));
    const { send, lost, files } = startSpool(ends, { stateDir: newStateDir(ends), firstDelayMs: 1 });
    await send(endpoint.url, [13]);
    let item = 100;
    await until(async () => {
      await send(endpoint.url, [item++]);
      expect(lost()).toEqual([13]);
    });
    await until(() => expect(files()).toEqual([]));
    const taken = endpoint
      .items()
      .flat()
      .filter((each) => each !== 13);
    expect(new Set(taken).size).toBe(item - 100);
  });
});

test('a folder that cannot be made is reported once; memory takes over, and the disk again when it can', async (ends) => {
  const endpoint = await startEndpoint(ends, () => down);
  const stateDir = newStateDir(ends);
  writeFileSync(join(stateDir, 'telemetry-spool'), 'a file in the place of the folder');
  const limits = { memoryBytes: 30 };
  const { send, lines, lost, files, spool } = startSpool(ends, { stateDir, limits, firstDelayMs: 60_000 });
  for (let item = 100_000_000; item < 100_000_005; item++) await send(endpoint.url, [item]);
  await until(() => expect(lost()).toEqual([100_000_000, 100_000_001, 100_000_002]));
  rmSync(join(stateDir, 'telemetry-spool'));
  await send(endpoint.url, [100_000_005]);
  expect(files()).toHaveLength(1);
  expect(lines().filter((line) => line.includes('telemetry is kept'))).toEqual([
    'undelivered telemetry is kept in memory, STATE_DIR cannot be written',
    'undelivered telemetry is kept on disk again',
  ]);
  await spool.stop();
  expect(files()).toHaveLength(3);
});

describe('several processes', () => {
  const batch = (stateDir: string, owner: string, at: number, items: number[]) => {
    const folder = join(stateDir, 'telemetry-spool', owner);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${at}-${String(items[0]).padStart(12, '0')}.json`), JSON.stringify(items));
    return folder;
  };
  const host = hostname().replaceAll(/[^\w-]/g, '-');
  const now = Date.now();

  test('the batches of a dead one are sent by the next, oldest first, and its folder goes', async (ends) => {
    const endpoint = await startEndpoint(ends);
    const stateDir = newStateDir(ends);
    const folder = batch(stateDir, `${host}.999999999.00000000`, now - 1_000, [1]);
    batch(stateDir, `${host}.999999999.00000000`, now - 2_000, [2]);
    writeFileSync(join(folder, `${now}-0123456789ac`), '[half');
    const { send, files } = startSpool(ends, { stateDir });
    await until(() => expect(files()[0]).not.toContain('999999999'));
    await send(endpoint.url, [3]);
    await until(() => expect(endpoint.items()).toEqual([[3], [2], [1]]));
    await until(() => expect(files()).toEqual([]));
  });

  test('an earlier life with the same process id counts as dead; a living process keeps its own', async (ends) => {
    const endpoint = await startEndpoint(ends);
    const stateDir = newStateDir(ends);
    batch(stateDir, `${host}.${process.pid}.00000000`, now, [1]);
    const living = batch(stateDir, `${host}.${process.ppid}.00000000`, now, [2]);
    const elsewhere = batch(stateDir, 'other-host.1.00000000', now, [3]);
    const { send, files } = startSpool(ends, { stateDir, lookAroundMs: 20 });
    await until(() => expect(files()).toHaveLength(3));
    await send(endpoint.url, [0]);
    await until(() => expect(endpoint.items()).toEqual([[0], [1]]));
    // No sign of life for more than a minute.
    for (const folder of [living, elsewhere]) utimesSync(folder, new Date(now - 70_000), new Date(now - 70_000));
    await until(() => expect(endpoint.items().flat().toSorted()).toEqual([0, 1, 2, 3]));
  });

  test('two that take over at the same time share its batches: each goes to one of them', async (ends) => {
    const root = newStateDir(ends);
    const dead = join(root, `${host}.999999999.00000000`);
    mkdirSync(dead);
    for (let n = 0; n < 200; n++) writeFileSync(join(dead, `${now + n}-${String(n).padStart(12, '0')}.json`), `[${n}]`);
    const owners = ['1', '2'].map((digit) => join(root, `${host}.${process.ppid}.0000000${digit}`));
    const taken = await Promise.all(owners.map((own) => takeOver(root, own, new Date())));
    const contents = await Promise.all(taken.flat().map((batch) => batch.read()));
    expect(contents.map((text) => JSON.parse(text ?? '[]')[0]).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    );
  });
});

test('what a dying machine left half written is given up, and does not end the service', async (ends) => {
  const endpoint = await startEndpoint(ends);
  const stateDir = newStateDir(ends);
  const folder = join(stateDir, 'telemetry-spool', `${hostname().replaceAll(/[^\w-]/g, '-')}.999999999.00000000`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${Date.now()}-0123456789ab.json`), '["MessageData');
  const { send, files } = startSpool(ends, { stateDir });
  await until(() => expect(files()[0]).not.toContain('999999999'));
  endpoint.state.answer = () => ({ status: 400 });
  await send(endpoint.url, [1]);
  await until(() => expect(files()).toEqual([]));
});
