import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { systemClock } from './broker-clock.ts';
import { createDeadlines } from './deadlines.ts';
import { createHeap } from './heap.ts';

test('a heap gives its items in order, whatever was thrown out on the way', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (numbers, keepEvery) => {
      const heap = createHeap<number>((a, b) => a < b);
      for (const number of numbers) heap.push(number);
      heap.retain((number) => number % keepEvery === 0);
      const kept = numbers.filter((number) => number % keepEvery === 0).sort((a, b) => a - b);
      expect(Array.from(kept, () => heap.pop())).toEqual(kept);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test('what is due rings once, at its time, and what is no longer live does not', () => {
  const clock = createManualClock();
  const rung: number[] = [];
  const live = new Set([1, 2, 3]);
  const onDue = (sequence: number) => rung.push(sequence);
  const deadlines = createDeadlines({ clock, isLive: (sequence) => live.has(sequence), onDue });
  deadlines.add(clock.now() + 300, 3);
  deadlines.add(clock.now() + 100, 1);
  deadlines.add(clock.now() + 200, 2);
  live.delete(2);
  clock.advance(250);
  expect(rung).toEqual([1]);
  clock.advance(250);
  expect(rung).toEqual([1, 3]);
});

test('deadlines of messages that are gone do not pile up', () => {
  const clock = createManualClock();
  const isLive = vi.fn((sequence: number) => sequence > 99_990);
  const deadlines = createDeadlines({ clock, isLive, onDue() {} });
  for (let sequence = 0; sequence < 100_000; sequence += 1) deadlines.add(clock.now() + 1_000, sequence);
  isLive.mockClear();
  clock.advance(1_000);
  expect(isLive.mock.calls.length).toBeLessThan(2_100);
});

test('a time further away than a timer can hold does not ring at once', async () => {
  const ring = vi.fn();
  const cancel = systemClock.at(Date.now() + 2 ** 31 + 60_000, ring);
  await new Promise((resolve) => setTimeout(resolve, 20));
  cancel();
  expect(ring).not.toHaveBeenCalled();
});
