import { gzipSync } from 'node:zlib';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { startLoopbackServer } from '../loopback/loopback-server.ts';
import { message, OPERATION, request, track } from './envelopes.fixture.ts';
import { type ApplicationInsights, type Row, startApplicationInsights } from './index.ts';
import { createIngestion } from './ingestion.ts';
import { createJudge } from './ingestion-faults.ts';

const started: ApplicationInsights[] = [];
const start = async (options: Parameters<typeof startApplicationInsights>[0] = {}) => {
  const insights = await startApplicationInsights(options);
  started.push(insights);
  return insights;
};
afterEach(() => Promise.all(started.splice(0).map((insights) => insights.stop())));

const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join('\r\n');
const messages = (insights: ApplicationInsights) => insights.rows('AppTraces').map((row) => row.Message);

test('a batch comes as an array, as lines or as one object, on both paths', async () => {
  const insights = await start();
  const { url } = insights;
  expect((await track(url, JSON.stringify([message('a'), message('b')]))).status).toBe(200);
  expect((await track(url, `${lines([message('c'), message('d')])}\n`)).status).toBe(200);
  expect((await track(url, JSON.stringify(message('e'), undefined, 2))).status).toBe(200);
  const older = await fetch(`${url}/v2/track?x=1`, { method: 'POST', body: lines([message('f')]) });
  expect(older.status).toBe(200);
  expect(messages(insights)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('a gzipped batch of several megabytes is taken', async () => {
  const insights = await start();
  const batch = Array.from({ length: 512 }, (_, n) => message(`${n} ${'ä'.repeat(8_000)}`));
  const body = gzipSync(JSON.stringify(batch));
  const answer = await track(insights.url, body, { 'content-encoding': 'gzip' });
  expect(await answer.json()).toMatchObject({ itemsReceived: 512, itemsAccepted: 512, errors: [] });
  expect(insights.counts().AppTraces).toEqual({ rows: 512, received: 512, dropped: 0 });
});

test('the answer counts the items and names the application of the connection string', async () => {
  const { url, connectionString } = await start();
  const answer = await track(url, JSON.stringify([request()]));
  const body = (await answer.json()) as { appId: string };
  expect(body).toEqual({ itemsReceived: 1, itemsAccepted: 1, errors: [], appId: expect.any(String) });
  expect(connectionString).toContain(`ApplicationId=${body.appId}`);
  expect(connectionString).toContain(`IngestionEndpoint=${url}/`);
});

test('an item that cannot be read is refused by its index, the others are stored', async () => {
  const insights = await start();
  const answer = await track(insights.url, JSON.stringify([message('a'), request({ duration: 'soon' }), message('b')]));
  expect(answer.status).toBe(206);
  expect(await answer.json()).toMatchObject({
    itemsReceived: 3,
    itemsAccepted: 2,
    errors: [{ index: 1, statusCode: 400, message: expect.stringContaining('RequestData.duration') }],
  });
  const broken = await track(insights.url, `{"half":\n${lines([message('c')])}`);
  expect(broken.status).toBe(206);
  expect(await broken.json()).toMatchObject({
    errors: [{ index: 0, statusCode: 400, message: expect.stringMatching(/JSON was expected/) }],
  });
  expect(messages(insights)).toEqual(['a', 'b', 'c']);
});

test.each([
  ['<html>hello</html>', {}, 'JSON was expected, found "<html>hello</html>"'],
  ['', {}, 'The body is empty'],
  ['42', {}, 'An envelope was expected, found "42"'],
  ['[{"a":1}', {}, 'JSON was expected, found "[{\\"a\\":1}"'],
  ['[]', { 'content-encoding': 'gzip' }, 'The body is not gzip'],
  ['[]', { 'content-encoding': 'br' }, 'Content-Encoding "br" is not gzip'],
])('garbage such as %j is a 400 that says what was found', async (body, headers, found) => {
  const { url } = await start();
  const answer = await track(url, body, headers);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    itemsAccepted: 0,
    errors: [{ message: expect.stringContaining(found) }],
  });
});

test('a body over the bound is a 413, packed or unpacked, and the next one is taken', async () => {
  const insights = await start({ maxBodyBytes: 200_000 });
  const big = JSON.stringify([message('x'.repeat(2_000_000))]);
  expect((await track(insights.url, big)).status).toBe(413);
  const bomb = await track(insights.url, gzipSync(big), { 'content-encoding': 'gzip' });
  expect(bomb.status).toBe(413);
  expect(await bomb.json()).toMatchObject({ errors: [{ message: 'The body is larger than 200000 bytes' }] });
  expect((await track(insights.url, JSON.stringify([message('small')]))).status).toBe(200);
  expect(messages(insights)).toEqual(['small']);
});

test('nothing else is served and nothing redirects', async () => {
  const { url } = await start();
  expect((await fetch(`${url}/v2.1/track`)).status).toBe(405);
  for (const path of ['/', '/v2.1/track/', '/QuickPulseService.svc/ping', '/v2.1']) {
    const answer = await fetch(url + path, { method: 'POST', body: '[]', redirect: 'manual' });
    expect(answer.status, path).toBe(404);
  }
});

test('a foreign page cannot put rows in', async () => {
  const insights = await start();
  const answer = await track(insights.url, JSON.stringify([message('a')]), { origin: 'http://evil.example' });
  expect(answer.status).toBe(403);
  expect(messages(insights)).toEqual([]);
});

test('rows are bounded and can be asked for by operation', async () => {
  const insights = await start({ maxRows: 2 });
  await track(insights.url, JSON.stringify(['a', 'b', 'c'].map(message)));
  expect(messages(insights)).toEqual(['b', 'c']);
  expect(insights.counts().AppTraces).toEqual({ rows: 2, received: 3, dropped: 1 });
  expect(insights.rows('AppTraces', { operationId: OPERATION })).toHaveLength(2);
  expect(insights.rows('AppTraces', { operationId: 'other' })).toEqual([]);
  expect(insights.tables().AppTraces.SeverityLevel).toBe('int');
});

test('Usage tells what came in an hour once the hour has ended, and at the end what came since', async () => {
  let time = new Date('2026-11-22T10:30:00Z');
  const insights = await start({ now: () => time });
  await track(insights.url, JSON.stringify([message('a'), message('b')]));
  const billed = insights.rows('AppTraces').reduce((sum, { _BilledSize }) => sum + Number(_BilledSize), 0);
  expect(insights.rows('Usage')).toEqual([]);
  time = new Date('2026-11-22T11:30:00Z');
  await track(insights.url, JSON.stringify([request()]));
  expect(insights.rows('Usage')).toMatchObject([{ DataType: 'AppTraces', Quantity: billed / 1_000_000 }]);
  await insights.stop();
  expect(insights.rows('Usage').map(({ DataType }) => DataType)).toEqual(['AppTraces', 'AppRequests']);
});

test('a reached cap is told in Operation when it begins and when it ends', async () => {
  const insights = await start();
  for (const mode of ['ok', '402', '439', '500', 'ok']) await insights.faults.mode(mode);
  expect(insights.rows('Operation')).toMatchObject([
    { OperationCategory: 'Data Collection Status', Detail: expect.stringContaining('OverQuota') },
    { OperationCategory: 'Data Collection Status', Detail: expect.stringContaining('RespectQuota') },
  ]);
});

test('a query reads what was answered, and all that came before it', async () => {
  const insights = await start();
  await track(insights.url, JSON.stringify([message('before')]));
  const connection = await insights.workspace.connection();
  const messages = async () => (await connection.runAndReadAll('SELECT Message FROM AppTraces')).getRows().flat();
  expect(await messages()).toEqual(['before']);
  await track(insights.url, JSON.stringify([message('after')]));
  expect(await messages()).toEqual(['before', 'after']);
});

/** An endpoint whose rows go where the test says. */
async function startWith(add: (rows: readonly Row[]) => Promise<void>) {
  const ingestion = createIngestion({ add, judge: createJudge('ok', {}).judge, appId: 'app', maxBodyBytes: 1_000_000 });
  const server = await startLoopbackServer({ handle: ingestion.handle });
  onTestFinished(server.stop);
  return server.url;
}

test('a batch is answered once its rows are in, and not before', async () => {
  const [asked, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let answered = false;
  const url = await startWith(() => {
    asked.resolve();
    return written.promise;
  });
  const answer = track(url, JSON.stringify([message('a')])).finally(() => {
    answered = true;
  });
  await asked.promise;
  // Another answer of the same server overtakes it.
  await fetch(url);
  expect(answered).toBe(false);
  written.resolve();
  expect((await answer).status).toBe(200);
});

test('rows that cannot be kept are a 500, so that the exporter sends them again', async () => {
  const url = await startWith(() => Promise.reject(new Error('the disk is full')));
  expect((await track(url, JSON.stringify([message('a')]))).status).toBe(500);
});
