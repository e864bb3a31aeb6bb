import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DependencyUnavailable } from '../../../../src/observability/modules/dead-letters/failure-table.ts';
import { createFairShare } from '../../../../src/observability/modules/dead-letters/fair-share.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Calls that run until `end` is called for them; what they become is in `outcomes`. */
function start() {
  const share = createFairShare('d', 2);
  const running: (() => void)[] = [];
  const order: string[] = [];
  const enter = (name = '') =>
    share(() => {
      order.push(name);
      return new Promise<void>((end) => running.push(end));
    }).catch((error: unknown) => {
      if (!(error instanceof DependencyUnavailable)) throw error;
      return error.until.getTime() - Date.now();
    });
  return { enter, running, order };
}

test('while it is quick, what exceeds its share waits for its turn, in order', async () => {
  const { enter, running, order } = start();
  for (const name of ['first', 'second', 'a', 'b']) void enter(name);
  await vi.advanceTimersByTimeAsync(100);
  expect(order).toEqual(['first', 'second']);
  running[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second', 'a']);
  running[1]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second', 'a', 'b']);
});

test('a call that has waited runs in its own async context, so that its span belongs to its message', async () => {
  const message = new AsyncLocalStorage<string>();
  const share = createFairShare('d', 1);
  const seen: (string | undefined)[] = [];
  const call = async () => {
    seen.push(message.getStore());
  };
  await Promise.all(['first', 'second', 'third'].map((name) => message.run(name, () => share(call))));
  expect(seen).toEqual(['first', 'second', 'third']);
});

test('a call waits a moment at most, and for a slow dependency not at all', async () => {
  const { enter, running, order } = start();
  void enter('first');
  void enter('second');
  const impatient = enter('impatient');
  await vi.advanceTimersByTimeAsync(250);
  expect(await impatient).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(750);
  expect(await enter('late')).toBeTypeOf('number'); // no timer had to pass
  for (const end of running) end();
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['first', 'second']); // who was sent away is not called afterwards
});

test('what is sent away comes back at the pace of the calls, within the horizon', async () => {
  const { enter } = start();
  void enter();
  void enter();
  await vi.advanceTimersByTimeAsync(2_000);
  const times: unknown[] = [];
  for (let n = 0; n < 4; n += 1) times.push(await enter());
  expect(times).toEqual([1_250, 2_250, 3_250, 4_250]);
  for (let n = 0; n < 100; n += 1) times.push(await enter());
  expect(Math.max(...times.map(Number))).toBeLessThanOrEqual(30_000);
  expect(new Set(times.slice(-50)).size).toBeGreaterThan(40);
});
