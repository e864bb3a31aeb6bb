import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFairShare } from '../../../../src/observability/modules/dead-letters/fair-share.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const start = (isShared = true) => createFairShare({ isShared: () => isShared, limit: 2 });
const callOf = (entered: (() => void) | number) => {
  if (typeof entered === 'number') throw new Error('sent away');
  return entered;
};

test('alone, a dependency may have everything', async () => {
  const share = start(false);
  for (let n = 0; n < 10; n += 1) expect(await share.enter()).toBeTypeOf('function');
});

test('while it is quick, what exceeds its share waits for its turn, in order', async () => {
  const share = start();
  const running = [callOf(await share.enter()), callOf(await share.enter())];
  const order: string[] = [];
  const waiting = ['a', 'b'].map(async (name) => {
    const leave = callOf(await share.enter());
    order.push(name);
    return leave;
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(order).toEqual([]);
  running[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['a']);
  (await waiting[0])?.();
  await waiting[1];
  expect(order).toEqual(['a', 'b']);
});

test('nobody waits for long, and for a slow one nobody waits at all', async () => {
  const share = start();
  await Promise.all([share.enter(), share.enter()]);
  const impatient = share.enter();
  await vi.advanceTimersByTimeAsync(250);
  expect(await impatient).toBeGreaterThan(250);
  await vi.advanceTimersByTimeAsync(750);
  expect(await share.enter()).toBeTypeOf('number'); // no timer had to pass
});

test('who is sent away comes back at the pace of the calls, within the horizon', async () => {
  const share = start();
  await Promise.all([share.enter(), share.enter()]);
  await vi.advanceTimersByTimeAsync(2_000);
  const times: number[] = [];
  for (let n = 0; n < 4; n += 1) times.push(Number(await share.enter()) - Date.now());
  expect(times).toEqual([1_250, 2_250, 3_250, 4_250]);
  for (let n = 0; n < 100; n += 1) times.push(Number(await share.enter()) - Date.now());
  expect(Math.max(...times)).toBeLessThanOrEqual(30_000);
  expect(new Set(times.slice(-50)).size).toBeGreaterThan(40);
});
