import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeFindings, describeResult } from './send-report.ts';
import { createTally } from './tally.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), id }),
  fc.record({ kind: fc.constant('delivered' as const), id }),
  fc.record({ kind: fc.constant('deadLettered' as const), id }),
  fc.record({ kind: fc.constant('refused' as const), id }),
  fc.record({ kind: fc.constant('failed' as const), id }),
);

test('whatever happens in whatever order, every request is counted exactly once', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const tally = createTally();
      for (const { kind, id } of steps) {
        if (kind === 'accepted') tally.accepted(id, 'sha');
        else if (kind === 'delivered') tally.delivered(id, 'north', 1);
        else if (kind === 'deadLettered') tally.deadLettered(id);
        else if (kind === 'refused') tally.refused(400);
        else tally.failed(id, 'why');
      }
      const { sent, accepted, delivered, deadLettered, lost, duplicates, refused, failed } = tally.result(0);
      const asked = steps.filter(({ kind }) => ['accepted', 'refused', 'failed'].includes(kind)).length;
      expect(sent).toBe(asked);
      expect(sent).toBe(accepted + duplicates + (refused[400] ?? 0) + failed);
      expect(accepted).toBe(delivered + deadLettered + lost);
      expect(tally.ended()).toBe(sent - lost);
    }),
  );
});

test('a repeat of an accepted request is a duplicate, also after it has come to its end', () => {
  const tally = createTally();
  tally.accepted('a', 'sha');
  tally.delivered('a', 'north', 1);
  tally.accepted('a', 'sha');
  expect(tally.result(0)).toMatchObject({ sent: 2, accepted: 1, delivered: 1, duplicates: 1, lost: 0 });
});

test('the result has exactly the keys that scripts rely on', () => {
  const result = createTally().result(1.26);
  expect(result).toEqual({
    sent: 0,
    accepted: 0,
    delivered: 0,
    byDestination: {},
    deadLettered: 0,
    refused: { 413: 0 },
    failed: 0,
    duplicates: 0,
    lost: 0,
    seconds: 1.3,
  });
});

test('the table shows what refused, where delivered, and what arrived more than once', () => {
  const tally = createTally();
  for (const id of ['a', 'b', 'c']) tally.accepted(id, 'sha');
  tally.delivered('a', 'south', 2);
  tally.deadLettered('b');
  tally.refused(413);
  expect(describeResult(tally.result(2), tally.repeatedDeliveries)).toBe(
    [
      '  sent           4  2 a second',
      '  accepted       3  = delivered + dead-lettered + lost',
      '  delivered      1  south: 1; 1 arrived once more',
      '  dead-lettered  1',
      '  refused        1  413: 1',
      '  failed         0',
      '  duplicates     0',
      '  lost           1  accepted, and at no end when the time was over',
      '  seconds        2',
      '',
    ].join('\n'),
  );
});

test('a long list of findings is cut and counted', () => {
  const lines = describeFindings(Array.from({ length: 30 }, (_, index) => `finding ${index}`))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('and 10 more');
});
