import { get } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startLoopbackServer } from '../loopback/loopback-server.ts';
import { createLive, type Live } from './live.ts';

let count = 0;
let asked = 0;
let live: Live;
let server: Awaited<ReturnType<typeof startLoopbackServer>>;
beforeAll(async () => {
  const none = { active: 0, scheduled: 0, deadLettered: 0 };
  live = createLive({
    run: () => ({ level: 2, state: 'ready' }),
    rows() {
      asked += 1;
      return { received: count, transactions: 0, logs: 0 };
    },
    queues: () => none,
    sent: () => ({ counts: {} }),
    replays: () => [],
    drills: () => [],
    alerts: () => ({ fired: 0, checkedAt: '' }),
  });
  server = await startLoopbackServer({
    handle: (request, response) =>
      live.answer(
        request,
        response,
        (new URL(request.url ?? '', 'http://a').searchParams.get('topics') ?? '').split(','),
      ),
  });
});
afterAll(async () => {
  live.stop();
  await server.stop();
});

function listen(topics: string): { text(): string; close(): void } {
  let text = '';
  const request = get(`${server.url}/?topics=${topics}`, { agent: false }, (answer) => {
    answer.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  });
  request.on('error', () => undefined);
  return { text: () => text, close: () => void request.destroy() };
}
const messages = (text: string, topic: string) => text.split(`event: ${topic}\n`).length - 1;

test('a topic is told at once and when it changes, at most four times a second', async () => {
  const page = listen('run,rows,nothing');
  await vi.waitFor(() => expect(messages(page.text(), 'rows')).toBe(1));
  expect(messages(page.text(), 'run')).toBe(1);
  expect(page.text()).not.toContain('queues');
  const startedAt = performance.now();
  while (performance.now() - startedAt < 1_000) {
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const last = count;
  await vi.waitFor(() => expect(page.text()).toContain(`"received":${last}`));
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(messages(page.text(), 'rows')).toBeLessThanOrEqual(2 + Math.ceil(seconds * 4));
  expect(messages(page.text(), 'run')).toBe(1);
  page.close();
});

test('nothing is looked at while no page listens', async () => {
  const page = listen('rows');
  await vi.waitFor(() => expect(messages(page.text(), 'rows')).toBe(1));
  page.close();
  await vi.waitFor(async () => {
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(asked).toBe(before);
  }, 5_000);
});
