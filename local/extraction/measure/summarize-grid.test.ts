import { expect, test } from 'vitest';
import type { CallTotals } from '../rows/call-totals.ts';
import { type RuleName, ruleNames } from './extraction-rules.ts';
import type { CellResult } from './judge-seed.ts';
import { naiveRecall, tuneNaive } from './naive-rate.ts';
import { summarizeCell } from './summarize-grid.ts';

const campaign = { fingerprints: 1, rate: 1, openedIn: 1, switchAfter: 2, prevalence: 0.1 };
const rule: RuleName = 'extraction-shared-fingerprint';
const everyRule = <Value>(value: Value) =>
  Object.fromEntries(ruleNames.map((name) => [name, value])) as Record<RuleName, Value>;
const seed = (attackers: number, honest: number, naive = 0): CellResult => ({
  attackers: 100,
  rules: everyRule({ attackers, honest }),
  naive: everyRule({ accounts: naive, fingerprints: 0 }),
});

test('recall is the mean of the seeds, precision that of the seeds with a report', () => {
  const found = summarizeCell(campaign, [seed(100, 100), seed(50, 0), seed(0, 0), seed(0, 0)], rule);
  expect(found).toMatchObject({ ...campaign, naiveRecall: 0 });
  expect(found.recall[0]).toBe(0.375);
  expect(found.precision?.[0]).toBe(0.75);
});

test('a rule is better when seeds drawn anew find more, and not for a seed or two', () => {
  const found = (good: number) => Array.from({ length: 20 }, (_, at) => seed(at < good ? 90 : 0, 0));
  expect(summarizeCell(campaign, found(8), rule)).toMatchObject({ isBetter: true });
  expect(summarizeCell(campaign, found(2), rule)).toMatchObject({ isBetter: false });
});

test('a rule that reports nothing has no precision, and is not better', () => {
  const found = summarizeCell(campaign, [seed(0, 0), seed(0, 0)], rule);
  expect(found).toMatchObject({ recall: [0, 0, expect.any(Number)], isBetter: false });
  expect(found).not.toHaveProperty('precision');
});

test('a rule that finds what the naive threshold finds is not better', () => {
  const seeds = Array.from({ length: 10 }, (_, at) => seed(at * 10, 0, at / 10));
  expect(summarizeCell(campaign, seeds, rule)).toMatchObject({ naiveRecall: 0.45, isBetter: false });
});

/** Accounts by their calls on the busiest day, each with the fingerprint that stands before it. */
const totals = (accounts: readonly (readonly [fingerprint: number, calls: number])[]): CallTotals => {
  const fingerprints = new Map<number, number>();
  for (const [fingerprint, calls] of accounts)
    fingerprints.set(fingerprint, (fingerprints.get(fingerprint) ?? 0) + calls);
  return {
    fingerprints,
    accounts: new Map(accounts.map(([, calls], id) => [id, calls])),
    seenWith: new Map(accounts.map(([fingerprint], id) => [id, [fingerprint]])),
  };
};
const honest = totals([
  [1, 900],
  [1, 10],
  [2, 300],
  [3, 20],
]);

test('the naive thresholds report as many honest accounts as the rule, and one more would be too many', () => {
  expect(tuneNaive([honest], 0)).toEqual({ accounts: 900, fingerprints: 910 });
  expect(tuneNaive([honest], 1)).toEqual({ accounts: 300, fingerprints: 910 });
  expect(tuneNaive([honest], 2)).toEqual({ accounts: 20, fingerprints: 300 });
});

test('the naive recall is the share of attackers beyond a threshold, alone or by their fingerprint', () => {
  const attackers = totals([
    [7, 400],
    [7, 100],
    [8, 50],
    [9, 50],
  ]);
  expect(naiveRecall(attackers, { accounts: 300, fingerprints: 450 })).toEqual({ accounts: 0.25, fingerprints: 0.5 });
  expect(naiveRecall(attackers, { accounts: 400, fingerprints: 500 })).toEqual({ accounts: 0, fingerprints: 0 });
});
