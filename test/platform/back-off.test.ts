import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from '../../src/platform/back-off.ts';

const policy = { firstMs: 5_000, factor: 3, capMs: 900_000 };

test('each delay is a multiple of the one before, up to the cap, half of it random', () => {
  const delays = (random: () => number) => [1, 2, 3, 4, 5, 6, 99].map((n) => backOffMs(n, policy, random));
  expect(delays(() => 0)).toEqual([2_500, 7_500, 22_500, 67_500, 202_500, 450_000, 450_000]);
  expect(delays(() => 1)).toEqual([5_000, 15_000, 45_000, 135_000, 405_000, 900_000, 900_000]);
  expect(new Set(Array.from({ length: 20 }, () => backOffMs(1, policy))).size).toBeGreaterThan(15);
});

test('whatever the policy, a delay is a number of milliseconds between half the first and the cap', () => {
  const positive = fc.integer({ min: 1, max: 2 ** 31 });
  fc.assert(
    fc.property(positive, positive, positive, fc.nat(10_000), (firstMs, factor, capMs, failures) => {
      const delay = backOffMs(failures, { firstMs, factor, capMs });
      expect(delay).toBeGreaterThanOrEqual(Math.min(firstMs, capMs) / 2);
      expect(delay).toBeLessThanOrEqual(capMs);
    }),
  );
});
