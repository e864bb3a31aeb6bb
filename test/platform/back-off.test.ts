import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from '../../src/platform/back-off.ts';

const policy = { firstMs: 5_000, factor: 3, capMs: 900_000 };

test('each delay is a multiple of the one before, up to the cap, a quarter of it random', () => {
  const delays = (random: () => number) => [1, 2, 3, 4, 5, 6, 99].map((n) => backOffMs(n, policy, random));
  expect(delays(() => 0)).toEqual([3_750, 11_250, 33_750, 101_250, 303_750, 675_000, 675_000]);
  expect(delays(() => 1)).toEqual([5_000, 15_000, 45_000, 135_000, 405_000, 900_000, 900_000]);
  expect(new Set(Array.from({ length: 20 }, () => backOffMs(1, policy))).size).toBeGreaterThan(15);
});

test('whatever the policy, a delay is a number of milliseconds between three quarters of the first and the cap', () => {
  const positive = fc.integer({ min: 1, max: 2 ** 31 });
  fc.assert(
    fc.property(positive, positive, positive, fc.nat(10_000), (firstMs, factor, capMs, failures) => {
      const delay = backOffMs(failures, { firstMs, factor, capMs });
      expect(delay).toBeGreaterThanOrEqual(Math.min(firstMs, capMs) * 0.75);
      expect(delay).toBeLessThanOrEqual(capMs);
    }),
  );
});

test('five attempts with the default delays take 150 to 200 seconds, longer than an outage of two minutes', () => {
  const lasts = (random: () => number) =>
    [1, 2, 3, 4].reduce((sum, failures) => sum + backOffMs(failures, policy, random), 0);
  expect([lasts(() => 0), lasts(() => 1)]).toEqual([150_000, 200_000]);
});
