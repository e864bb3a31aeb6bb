import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { aggregateRows } from '../rows/aggregate-rows.ts';
import { columns } from '../rows/row-columns.ts';
import { days, hours } from './account.ts';
import type { Campaign } from './campaign.ts';
import { attackersOf, honestWorld } from './drawn-world.ts';
import { commonFingerprint } from './honest-accounts.ts';
import { createRandom } from './random.ts';
import { runTraffic } from './traffic.ts';

const usual: Campaign = { fingerprints: 100, rate: 0.5, openedIn: 14, switchAfter: 2, prevalence: 0.01 };
const world = honestWorld(1);

/** The rows of the first hours. */
function rowsOf(seed: number, untilHour = 9) {
  const rows = aggregateRows();
  let hour = 0;
  const counting = {
    ...rows,
    hourEnds(ended: number) {
      hour = ended;
      rows.hourEnds(ended);
    },
  };
  const { accounts } = honestWorld(seed);
  runTraffic(createRandom(`traffic ${seed}`), accounts, counting, () => hour >= untilHour);
  return rows.rows;
}
const digestOf = (seed: number): string => {
  const rows = rowsOf(seed);
  const hash = createHash('sha256');
  for (const at of columns.keys()) hash.update(rows.values(at, 0, rows.length()));
  return hash.digest('hex');
};

test('a seed gives the same rows each time, and another seed others', () => {
  expect(digestOf(1)).toBe(digestOf(1));
  expect(digestOf(2)).not.toBe(digestOf(1));
});

test('a world has some 24,000 honest accounts, of which 10,000 take one SDK, and no more fingerprints than it says', () => {
  const { accounts, fingerprints } = world;
  expect(accounts.length).toBeGreaterThanOrEqual(24_000);
  expect(accounts.length).toBeLessThanOrEqual(24_080);
  expect(accounts.filter(({ fingerprints: [first] }) => first?.value === commonFingerprint)).toHaveLength(10_000);
  const used = accounts.flatMap((account) => account.fingerprints.map(({ value }) => value));
  expect(Math.max(...used)).toBeLessThan(fingerprints);
  expect(new Set(accounts.map(({ id }) => id)).size).toBe(accounts.length);
});

test('a mean day of all honest accounts has about a million calls', () => {
  const perDay = world.accounts.reduce((sum, account) => sum + account.perDay, 0);
  expect(perDay).toBeGreaterThan(1_000_000);
  expect(perDay).toBeLessThan(1_800_000);
});

describe('an attacker', () => {
  test.each([
    [0.001, 24],
    [0.01, 242],
    [0.1, 2_667],
  ])('with a share of %f has %i accounts', (prevalence, count) => {
    const found = attackersOf(world, { ...usual, prevalence }).length;
    expect(Math.abs(found - count)).toBeLessThanOrEqual(Math.ceil(count / 250));
  });

  test.each([
    [1, 1],
    [100, 100],
    [24_000, 2_667],
  ])('with %i fingerprints has %i, and none of an honest customer', (fingerprints, count) => {
    const accounts = attackersOf(world, { ...usual, prevalence: 0.1, fingerprints });
    const used = new Set(accounts.flatMap((account) => account.fingerprints.map(({ value }) => value)));
    expect(Math.abs(used.size - count)).toBeLessThanOrEqual(10);
    expect(Math.min(...used)).toBeGreaterThanOrEqual(world.fingerprints);
  });

  test('behind the common SDK has its fingerprint', () => {
    const accounts = attackersOf(world, { ...usual, fingerprints: 0 });
    expect(new Set(accounts.flatMap((account) => account.fingerprints.map(({ value }) => value)))).toEqual(
      new Set([commonFingerprint]),
    );
  });

  test.each([1, 14])('opens its accounts within %i days, and never calls more than its rate by a tenth', (openedIn) => {
    const accounts = attackersOf(world, { ...usual, openedIn });
    const opened = accounts.map((account) => account.opened);
    expect(Math.max(...opened) - Math.min(...opened)).toBeLessThan(openedIn * 24);
    expect(Math.max(...opened)).toBeLessThan(Math.min(hours, days * 24));
    for (const { perDay } of accounts) expect(perDay / world.medianPerDay).toBeLessThanOrEqual(0.55);
  });

  test.each([2, 24])('switches all accounts in one hour, %i hours after the limit', (switchAfter) => {
    const accounts = attackersOf(world, { ...usual, switchAfter });
    const switched = new Set(accounts.map(({ mixes }) => mixes[1]?.hour));
    const limited = new Set(accounts.flatMap(({ push }) => push?.hour ?? []));
    expect(switched.size).toBe(1);
    expect([...switched].map((hour) => (hour ?? 0) - switchAfter)).toEqual([...limited]);
  });
});

describe('random numbers', () => {
  test('have the mean that they are asked for', () => {
    const random = createRandom('means');
    const meanOf = (draw: () => number) =>
      Array.from({ length: 20_000 }, draw).reduce((sum, each) => sum + each, 0) / 20_000;
    for (const mean of [0.3, 4, 60]) expect(meanOf(() => random.poisson(mean)) / mean).toBeCloseTo(1, 1);
    expect(meanOf(random.share)).toBeCloseTo(0.5, 1);
    expect(meanOf(random.normal)).toBeCloseTo(0, 1);
  });
});
