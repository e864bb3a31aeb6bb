import { expect, test } from 'vitest';
import { latenciesOf, p99, p99OfWindows, slowestMs } from './latencies.ts';
import type { SentFile } from './soak-load.ts';

/** One a hundred milliseconds for half a minute; all take 10 ms but those of the third window, and one has not arrived. */
const files = Array.from({ length: 300 }, (_, n): SentFile => {
  return { key: String(n), destination: n % 10 === 1 ? 'north' : 'south', sha256: '', sentAt: n * 100 };
});
const deliveredAt = ({ key, sentAt }: SentFile) => {
  if (key === '2') return undefined;
  return sentAt + (sentAt >= 10_000 && sentAt < 15_000 ? 900 : 10);
};
const between = (from: number, to: number) => latenciesOf({ deliveredAt }, files, from, to);

test('only arrived files of the one destination count', () => {
  expect(between(0, 1_000)).toEqual(Array.from({ length: 8 }, () => 10));
  expect(p99([])).toBe(0);
  expect(slowestMs({ deliveredAt }, files)).toBe(900);
});

test("a hiccup of one window is in the whole's p99 and not in that of the windows", () => {
  expect(p99(between(0, 30_000))).toBe(900);
  expect(p99OfWindows(between, 0, 30_000)).toBe(10);
});

test('what lasts is in both', () => {
  expect(p99OfWindows(between, 10_000, 15_000)).toBe(900);
});
