import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, type TestContext, test, vi } from 'vitest';
import { createBatchQueue } from '../../../../src/observability/modules/telemetry-spool/batch-queue.ts';
import { createReplay } from '../../../../src/observability/modules/telemetry-spool/replay.ts';
import { takeOver } from '../../../../src/observability/modules/telemetry-spool/takeover.ts';
import { newStateDir, ok, partly, startEndpoint, startSpool } from './tested-spool.ts';

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const host = hostname().replaceAll(/[^\w-]/g, '-');

/** Answers the requests of these places with headers and the beginning of a body, and the others as it should. */
async function startStalling({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, first: number, places: number[]) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      requests += 1;
      if (places.includes(requests)) response.writeHead(200).write('{"itemsRec');
      else response.writeHead(requests === 1 ? first : 200).end('{}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2.1/track`;
}

test('an answer that stops in the middle is waited for no longer than one that does not come', async (ends) => {
  const url = await startStalling(ends, 200, [1]);
  const { send, files } = startSpool(ends, { stateDir: newStateDir(ends), timeoutMs: 200 });
  expect((await send(url, [1])).status).toBe(200);
  await until(() => expect(files()).toEqual([]));
});

test('nor does it end the replay', async (ends) => {
  const url = await startStalling(ends, 503, [2]);
  const { send, files } = startSpool(ends, { stateDir: newStateDir(ends), timeoutMs: 200 });
  await send(url, [1]);
  await until(() => expect(files()).toEqual([]));
});

test('an endpoint that hangs keeps the exporter a moment, not for each batch: they are on disk by then', async (ends) => {
  const endpoint = await startEndpoint(ends, () => undefined);
  const { send, files } = startSpool(ends, { stateDir: newStateDir(ends), timeoutMs: 10_000 });
  const startedAt = performance.now();
  for (const item of [1, 2, 3, 4, 5]) expect((await send(endpoint.url, [item])).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(files()).toHaveLength(5);
});

test('a batch that is refused for good after the exporter was told that it is kept is told as lost', async (ends) => {
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  const server = createServer((_, response) => void held.then(() => response.writeHead(402).end('{}')));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2.1/track`;
  const { send, files, lost } = startSpool(ends, { stateDir: newStateDir(ends), timeoutMs: 10_000 });
  expect((await send(url, [7])).status).toBe(200);
  answer();
  await until(() => expect(lost()).toEqual([7]));
  await until(() => expect(files()).toEqual([]));
});

test('an endpoint that takes a part of each batch is no outage: all arrives without waiting', async (ends) => {
  const taken: number[] = [];
  const endpoint = await startEndpoint(ends, (items) => {
    taken.push(...items.slice(0, Math.max(1, items.length - 1)));
    return items.length > 1 ? partly({ index: items.length - 1, statusCode: 500 }) : ok;
  });
  const { send } = startSpool(ends, { stateDir: newStateDir(ends), firstDelayMs: 60_000 });
  for (let n = 0; n < 50; n += 5) await send(endpoint.url, [n, n + 1, n + 2, n + 3, n + 4]);
  await until(() => expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n)));
});

test('a file that cannot be read just now is not deleted', async () => {
  const read = vi.fn(async () => '[1]').mockRejectedValueOnce(new Error('EMFILE: too many open files'));
  const remove = vi.fn(async () => {});
  const queue = createBatchQueue({
    store: { save: async (_, at) => ({ at, bytes: 3, read, remove }) },
    now: Date.now,
    dropped() {},
    diskFailed() {},
    diskWorks() {},
  });
  queue.release(await queue.keep('[1]'));
  const send = vi.fn(async () => ({ kind: 'delivered' as const }));
  const replay = createReplay({
    queue,
    send,
    keepRest: async () => true,
    outage() {},
    recovered() {},
    firstDelayMs: 5,
  });
  replay.wake();
  await until(() => expect(queue.size()).toBe(0));
  replay.stop();
  expect(send).toHaveBeenCalledWith('[1]');
});

test('one thing that cannot be taken over does not strand the rest', async (ends) => {
  const endpoint = await startEndpoint(ends);
  const stateDir = newStateDir(ends);
  for (const n of [0, 1, 2]) {
    const folder = join(stateDir, 'telemetry-spool', `${host}.999999999.0000000${n}`);
    mkdirSync(join(folder, n === 1 ? 'a folder of somebody else' : ''), { recursive: true });
    writeFileSync(join(folder, `${Date.now()}-00000000000${n}.json`), `[${n}]`);
  }
  const { send } = startSpool(ends, { stateDir, lookAroundMs: 20 });
  await until(async () => {
    await send(endpoint.url, [9]);
    expect(new Set(endpoint.items().flat())).toEqual(new Set([0, 1, 2, 9]));
  });
});

test('a batch that is taken and taken back is not deleted by who held it before', async (ends) => {
  const root = newStateDir(ends);
  const [dead, one, other] = ['00000000', '00000001', '00000002'].map((id) => join(root, `other-host.1.${id}`));
  const longAgo = new Date(Date.now() - 100_000);
  mkdirSync(dead as string);
  writeFileSync(join(dead as string, `${Date.now()}-000000000001.json`), '[1]');
  const take = async (from: string | undefined, to: string | undefined) => {
    utimesSync(from as string, longAgo, longAgo);
    return (await takeOver(root, to as string, new Date()))[0];
  };
  const before = await take(dead, one);
  await take(one, other);
  const again = await take(other, one);
  await before?.remove();
  expect(await again?.read()).toBe('[1]');
});

test('what is under way from memory at the end is stored, once, when the disk works again', async (ends) => {
  const endpoint = await startEndpoint(ends, (_, nth) => (nth === 1 ? { status: 503 } : undefined));
  const stateDir = newStateDir(ends);
  writeFileSync(join(stateDir, 'telemetry-spool'), 'a file in the place of the folder');
  const { send, files, spool, lost } = startSpool(ends, { stateDir, timeoutMs: 60_000, firstDelayMs: 5 });
  await send(endpoint.url, [1]);
  await until(() => expect(endpoint.received).toHaveLength(2));
  rmSync(join(stateDir, 'telemetry-spool'));
  await spool.stop();
  await until(() => expect(files()).toHaveLength(1));
  expect(lost()).toEqual([]);
});
