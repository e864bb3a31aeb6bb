import { expect, test } from 'vitest';
import { bootstrap } from './bootstrap.ts';
import { wilson } from './intervals.ts';

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map((end) => Number(end.toFixed(4)));

// Of R: prop.test(x, n, correct = FALSE)$conf.int
test.each([
  [0, 20, 0, 0.1611],
  [20, 20, 0.8389, 1],
  [10, 20, 0.2993, 0.7007],
  [1, 10, 0.0179, 0.4042],
])('Wilson gives for %i of %i the interval from %f to %f', (found, trials, low, high) => {
  expect(rounded(wilson(found / trials, trials))).toEqual([low, high]);
});

test.each([
  [0.5, 0],
  [1.1, 10],
  [Number.NaN, 10],
])('there is no interval of %f in %i trials', (share, trials) => {
  expect(() => wilson(share, trials)).toThrow(RangeError);
});

test('the bootstrap says the same for the same seeds, and nothing wider than they are', () => {
  const values = [0, 0, 0.2, 0.4, 1];
  expect(bootstrap(values)).toEqual(bootstrap(values));
  const { low, high } = bootstrap(values);
  expect(low).toBeGreaterThanOrEqual(0);
  expect(low).toBeLessThan(0.32);
  expect(high).toBeGreaterThan(0.32);
  expect(high).toBeLessThanOrEqual(1);
  expect(bootstrap([0.3, 0.3, 0.3]).low).toBeCloseTo(0.3);
});

test('what one seed of twenty has alone is no gain', () => {
  expect(bootstrap([1, ...Array.from({ length: 19 }, () => 0)]).low).toBe(0);
  expect(
    bootstrap([...Array.from({ length: 8 }, () => 1), ...Array.from({ length: 12 }, () => 0)]).low,
  ).toBeGreaterThan(0);
});
