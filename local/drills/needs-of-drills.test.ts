import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fixtureBusiness } from '../test/fixture-business.ts';
import { drills } from './catalogue/index.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { whyNot } from './needs-of-drills.ts';

const root = mkdtempSync(join(tmpdir(), 'needs-'));
mkdirSync(join(root, 'operator'));
afterAll(() => rmSync(root, { recursive: true }));

const checkoutOf = (business: DrilledCheckout['business'], destinations = {}): DrilledCheckout => ({
  ...{ root, business, destinations, entities: { queues: {}, topics: {} }, variables: () => ({}), preload: [] },
});

test('on a business with a queue, destinations and a poison message every drill can be run', () => {
  const checkout = checkoutOf(fixtureBusiness, { north: {} });
  expect(drills.flatMap((drill) => whyNot(drill, checkout) ?? [])).toEqual([]);
});

test('on a business that only answers requests those are left out that need more, each with a reason', () => {
  const checkout = checkoutOf({ name: 'quotes', requests: {} });
  const left = drills.filter((drill) => whyNot(drill, checkout) === undefined).map(({ name }) => name);
  expect(left).toContain('calm');
  expect(left).toContain('ingestion-outage');
  expect(left).not.toContain('silent-consumer');
  const [silent] = drills.filter(({ name }) => name === 'silent-consumer');
  expect(silent && whyNot(silent, checkout)).toMatch(
    /^silent-consumer is left out for quotes: its "requests" .*"follow"/,
  );
});

test('without the folder of the commands for people a drill that runs one is left out, and no other', () => {
  const checkout = { ...checkoutOf(fixtureBusiness, { north: {} }), root: join(root, 'nothing') };
  const left = drills.filter((drill) => whyNot(drill, checkout) !== undefined);
  expect(left).toEqual(drills.filter(({ needs = [] }) => needs.some((need) => need === 'operator')));
  const [some] = drills;
  expect(some && whyNot({ ...some, name: 'replay', needs: ['operator'] }, checkout)).toBe(
    `replay is left out for ${fixtureBusiness.name}: the folder operator was deleted, and with it the command that the drill runs.`,
  );
});

test('a drill that uses the queue, the callers or the destinations of a business, or a command for people, says that it needs them', () => {
  const uses = (text: RegExp) => drills.filter((drill) => text.test([drill.begin, drill.during, drill.broken].join()));
  for (const { name, needs = [] } of uses(/queueOf/)) expect(needs, name).toContain('queue');
  for (const { name, needs = [] } of uses(/['"]target['"] in/)) expect(needs, name).toContain('callers');
  for (const { name, needs = [] } of uses(/runOperatorCommand/)) expect(needs, name).toContain('operator');
  for (const { name, needs = [] } of uses(/destination\.faults/)) expect(needs, name).toContain('destinations');
});
