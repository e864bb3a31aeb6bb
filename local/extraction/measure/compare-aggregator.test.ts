import { expect, test } from 'vitest';
import { compareAggregator } from './compare-aggregator.ts';

test('the rows of the grid are those that the aggregator of the service makes of the same calls', () => {
  const campaign = { fingerprints: 100, rate: 1, openedIn: 1, switchAfter: 2, prevalence: 0.1 };
  const { calls, rows, different } = compareAggregator(4, campaign, 60_000, 0);
  expect(calls).toBeGreaterThanOrEqual(60_000);
  expect(rows).toBeGreaterThan(5_000);
  expect(different).toBe(0);
});
