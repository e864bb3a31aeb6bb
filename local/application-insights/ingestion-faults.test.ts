import { afterEach, expect, test, vi } from 'vitest';
import { message, track } from './envelopes.fixture.ts';
import { type ApplicationInsights, startApplicationInsights } from './index.ts';

const started: ApplicationInsights[] = [];
const start = async () => {
  const now = () => new Date('2026-11-22T10:00:00Z');
  const insights = await startApplicationInsights({ now });
  started.push(insights);
  return insights;
};
afterEach(() => Promise.all(started.splice(0).map((insights) => insights.stop())));

const send = ({ url }: ApplicationInsights, items = 1) =>
  track(url, JSON.stringify(Array.from({ length: items }, (_, n) => message(`${n}`))));
const statuses = async (insights: ApplicationInsights, requests: number) => {
  const answers: number[] = [];
  for (let n = 0; n < requests; n++) answers.push((await send(insights)).status);
  return answers;
};

test.each([402, 429, 439, 500, 503])('mode %d refuses every item with that status and stores none', async (status) => {
  const insights = await start();
  await insights.faults.mode(`${status}`);
  const answer = await send(insights, 2);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({
    itemsReceived: 2,
    itemsAccepted: 0,
    errors: [
      { index: 0, statusCode: status },
      { index: 1, statusCode: status },
    ],
  });
  expect(answer.headers.get('retry-after')).toBe(status === 429 ? '5' : null);
  expect(insights.rows('AppTraces')).toEqual([]);
});

test('mode 429 tells how long to wait', async () => {
  const insights = await start();
  await insights.faults.mode('429', { retryAfterSeconds: 17 });
  expect((await send(insights)).headers.get('retry-after')).toBe('17');
});

test('mode 206 refuses a seeded share of the items and stores the others', async () => {
  const insights = await start();
  await insights.faults.mode('206', { share: 0.25, seed: 3, statusCodes: [429, 500] });
  const answer = await send(insights, 400);
  const body = (await answer.json()) as { itemsAccepted: number; errors: { index: number; statusCode: number }[] };
  expect(answer.status).toBe(206);
  expect(body.errors.length).toBeGreaterThan(60);
  expect(body.errors.length).toBeLessThan(140);
  expect(body.itemsAccepted).toBe(400 - body.errors.length);
  expect(body.errors.slice(0, 4).map((error) => error.statusCode)).toEqual([429, 500, 429, 500]);
  const refused = body.errors.map((error) => error.index);
  const stored = insights.rows('AppTraces').map((row) => Number(row.Message));
  expect([...stored, ...refused].sort((one, other) => one - other)).toEqual(Array.from({ length: 400 }, (_, n) => n));

  const again = await start();
  await again.faults.mode('206', { share: 0.25, seed: 3, statusCodes: [429, 500] });
  expect(((await (await send(again, 400)).json()) as typeof body).errors).toEqual(body.errors);
});

test('mode flaky answers a seeded share of 500s, in the same order each time', async () => {
  const first = await start();
  await first.faults.mode('flaky', { share: 0.5, seed: 9 });
  const answers = await statuses(first, 30);
  expect(new Set(answers)).toEqual(new Set([200, 500]));
  expect(first.counts().AppTraces.rows).toBe(answers.filter((status) => status === 200).length);
  await first.faults.mode('flaky', { share: 0.5, seed: 9 });
  expect(await statuses(first, 30)).toEqual(answers);
});

test('mode slow stores at once and answers late', async () => {
  const insights = await start();
  await insights.faults.mode('slow', { ms: 60_000 });
  const patience = new AbortController();
  const body = JSON.stringify([message('a')]);
  const sent = fetch(`${insights.url}/v2.1/track`, { method: 'POST', body, signal: patience.signal });
  const lost = expect(sent).rejects.toThrow();
  await vi.waitFor(() => expect(insights.rows('AppTraces')).toHaveLength(1));
  patience.abort();
  await lost;
  expect(insights.faults.state().answers).toEqual({});
  await insights.faults.mode('slow', { ms: 150 });
  const before = performance.now();
  expect((await send(insights)).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(140);
});

test('mode down refuses connections until the mode changes, and keeps the rows', async () => {
  const insights = await start();
  await send(insights);
  await insights.faults.mode('down');
  await expect(send(insights)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await insights.faults.mode('ok');
  expect((await send(insights)).status).toBe(200);
  expect(insights.rows('AppTraces')).toHaveLength(2);
});

test('the state tells the mode, since when, and what was answered', async () => {
  const insights = await start();
  await send(insights, 3);
  const state = await insights.faults.mode('429');
  expect(state).toMatchObject({ mode: '429', retryAfterSeconds: 5 });
  await send(insights, 2);
  expect(insights.faults.state()).toEqual({
    mode: '429',
    retryAfterSeconds: 5,
    since: '2026-11-22T10:00:00.000Z',
    answers: { 200: 1, 429: 1 },
    items: { received: 5, accepted: 3 },
  });
});

test('an unknown mode or option is refused and changes nothing', async () => {
  const { faults } = await start();
  await expect(faults.mode('dwon')).rejects.toThrow(/no mode "dwon"; choose one of ok, down, slow, flaky, 206, 429/);
  await expect(faults.mode('slow', { seconds: 1 })).rejects.toThrow(/^Mode "slow": /);
  expect(faults.state().mode).toBe('ok');
});
