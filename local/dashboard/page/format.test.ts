import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumberOf,
  formatPercent,
  formatTime,
  shortId,
} from './format.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [0, '0 ms'],
  [0.42, '0.42 ms'],
  [4.2, '4.2 ms'],
  [48, '48 ms'],
  [999.6, '1.00 s'],
  [1_240, '1.24 s'],
  [9_996, '10.0 s'],
  [59_960, '1 m 00 s'],
  [124_000, '2 m 04 s'],
  [3_599_600, '1 h 00 m'],
  [4_320_000, '1 h 12 m'],
  [-12, '−12 ms'],
])('%d ms is written as %s', (ms, text) => {
  expect(plain(formatDuration(ms))).toBe(text);
});

const seconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** What a duration as it is written means, in seconds. */
const readDuration = (text: string) =>
  [...plain(text).matchAll(/([\d.]+) (ms|s|m|h)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (seconds[unit ?? ''] ?? 0),
    0,
  );

test('a longer duration never reads as a shorter one, and none is off by more than a twentieth', () => {
  const duration = fc.double({ min: 0.05, max: 4e8, noNaN: true });
  fc.assert(
    fc.property(duration, duration, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(readDuration(formatDuration(low))).toBeLessThanOrEqual(readDuration(formatDuration(high)));
      expect(Math.abs(readDuration(formatDuration(a)) * 1_000 - a)).toBeLessThanOrEqual(Math.max(0.005, a * 0.0501));
    }),
  );
});

test('no unit stands on a line of its own', () => {
  for (const text of [formatDuration(124_000), formatBytes(13.3e9), formatPercent(0.008), formatCount(148_204)]) {
    expect(text).not.toContain(' ');
  }
});

test('counts, shares, bytes and money are written short', () => {
  expect(formatCount(11_160)).toBe('11,160');
  expect(plain(formatCount(148_204))).toBe('148 k');
  expect(plain(formatCount(999_700))).toBe('1.0 M');
  expect(formatCount(148_204, true)).toBe('148,204');
  expect([0, 0.0004, 0.008, 0.25].map((share) => plain(formatPercent(share)))).toEqual([
    '0 %',
    '0.04 %',
    '0.8 %',
    '25 %',
  ]);
  expect([0, 999, 1_000, 18.2e6, 13.3e9].map((bytes) => plain(formatBytes(bytes)))).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '18.2 MB',
    '13.3 GB',
  ]);
  expect([1.9, 9.999, 31.2, 12_345].map(formatMoney)).toEqual(['$1.90', '$10', '$31', '$12,345']);
  expect([1, 2].map((count) => plain(formatNumberOf(count, 'row')))).toEqual(['1 row', '2 rows']);
});

test('a time of another day carries its date', () => {
  const at = new Date(2026, 10, 29, 14, 31, 49, 62).getTime();
  expect(formatTime(at, { now: at })).toBe('14:31:49.062');
  expect(formatTime(at, { now: at + 86_400_000, milliseconds: false })).toBe('2026-11-29 14:31:49');
  expect(formatTime('no time')).toBe('no time');
});

test('how long ago something was is told in one unit', () => {
  const now = Date.UTC(2026, 10, 29);
  const ago = [12, 59.6, 420, 7_200, 259_200].map((past) => plain(formatAgo(now - past * 1_000, now)));
  expect(ago).toEqual(['12 s ago', '1 min ago', '7 min ago', '2 h ago', '3 days ago']);
});

test('long ids are cut to what a person recognises', () => {
  expect(shortId('4bf92f3577b34da6a3ce929d0e0e4736')).toBe('4bf92f35…');
  expect(shortId('short')).toBe('short');
});
