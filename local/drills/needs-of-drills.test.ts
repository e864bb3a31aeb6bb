import { expect, test } from 'vitest';
import { fixtureBusiness } from '../test/fixture-business.ts';
import { drills } from './catalogue/index.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { whyNot } from './needs-of-drills.ts';

const checkoutOf = (business: DrilledCheckout['business'], destinations = {}): DrilledCheckout => ({
  ...{ root: '', business, destinations, entities: { queues: {}, topics: {} }, variables: () => ({}), preload: [] },
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

test('a drill that uses the queue or the destinations of a business says that it needs them', () => {
  const uses = (text: string) =>
    drills.filter((drill) => [drill.begin, drill.during, drill.broken].join().includes(text));
  for (const { name, needs = [] } of uses('queueOf')) expect(needs, name).toContain('queue');
  for (const { name, needs = [] } of uses('destination.faults')) expect(needs, name).toContain('destinations');
});
