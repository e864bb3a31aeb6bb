import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addToHistory,
  type HistoryEntry,
  readHistory,
} from '../../../../src/observability/modules/dead-letters/history.ts';

const entry = (given: Partial<HistoryEntry> = {}): HistoryEntry => ({
  time: '2030-01-02T03:04:05.000Z',
  attempt: 1,
  outcome: 'retried',
  reason: 'TransientFailure',
  host: 'replica-1',
  ...given,
});
const after = (...entries: HistoryEntry[]) =>
  entries.reduce(
    (properties, next) => ({ 'obs-history': addToHistory(properties, next) }),
    {} as { 'obs-history': string },
  );

test('of more than ten entries the first and the newest stay', () => {
  const all = Array.from({ length: 14 }, (_, n) => entry({ attempt: n + 1 }));
  expect(readHistory(after(...all)).map(({ attempt }) => attempt)).toEqual([1, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
});

test('the same again counts up and says when it was last, so that a long outage leaves the rest in place', () => {
  const aside = entry({ outcome: 'put-aside', reason: 'DependencyUnavailable', attempt: 2 });
  const history = readHistory(after(entry(), ...Array.from({ length: 50 }, () => aside), { ...aside, time: 'last' }));
  expect(history).toEqual([entry(), { ...aside, time: 'last', times: 51 }]);
});

test('what is no history counts as none', () => {
  const foreign = [
    '',
    'nonsense',
    '{}',
    'null',
    '[1,null,{"time":5}]',
    JSON.stringify([entry({ host: 'x'.repeat(200) })]),
  ];
  for (const history of [...foreign, 7, true, undefined]) expect(readHistory({ 'obs-history': history })).toEqual([]);
  expect(readHistory(undefined)).toEqual([]);
  expect(readHistory({ 'obs-history': addToHistory({ 'obs-history': 'nonsense' }, entry()) })).toEqual([entry()]);
});

test('it stays small, and can be read back, whatever happens', () => {
  const word = fc.string({ maxLength: 64 });
  const any = fc.record({
    time: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    attempt: fc.nat(),
    outcome: fc.constantFrom('retried', 'put-aside', 'handed-over', 'dead-lettered', 'replayed'),
    reason: word,
    host: fc.string({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(any as fc.Arbitrary<HistoryEntry>, { minLength: 1, maxLength: 30 }), (entries) => {
      const properties = after(...entries);
      expect(Buffer.byteLength(properties['obs-history'])).toBeLessThan(10_000);
      const { attempt, outcome } = entries.at(-1) ?? entry();
      expect(readHistory(properties).at(-1)).toMatchObject({ attempt, outcome });
    }),
  );
});
