import { expect, test } from 'vitest';
import { failuresText, type RecordedFailure } from '../../tools/generate/failures-page.ts';

const none = { sent: 10, delivered: 0, waiting: 0, deadLettered: 0, lost: 0, refused: 0 };
const failure = (drill: string, level: number, changes: Partial<RecordedFailure> = {}): RecordedFailure => ({
  ...{ drill, level, question: `What of ${drill}?`, messages: { ...none, delivered: 10 }, fired: [] },
  recoveredAfterSeconds: 0.4,
  seen: [],
  ...changes,
});
const rowsOf = (failures: readonly RecordedFailure[]): string[] =>
  failuresText({ recordedOn: '2026-11-30', failures })
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);

test('a failure is a row, and what differs by level is said by level', () => {
  const [row, ...more] = rowsOf([
    failure('dependency-down', 1, {
      messages: { ...none, delivered: 4, deadLettered: 6 },
      fired: [{ rule: 'dead-letters', afterSeconds: 300 }],
      firstToKnow: { who: 'the operators', afterSeconds: 300 },
      seen: [{ question: 'Which calls fail?', answered: false }],
    }),
    failure('dependency-down', 4, {
      seen: [
        { question: 'Which calls fail?', answered: true },
        { question: 'Is it retried?', answered: true },
      ],
    }),
  ]);
  expect(more).toEqual([]);
  expect(row).toBe(
    '| What of dependency-down? `dependency-down` | Level 1: 40 % delivered, 60 % dead-lettered. Level 4: all delivered. | Level 1: nothing. Level 4: Which calls fail; Is it retried. | Level 1: the operators, after 5 min. Level 4: nobody. | Level 1: `dead-letters` after 5 min. Level 4: none. | at once |',
  );
});

test('the questions that the project began with come first, in their order', () => {
  const names = ['calm', 'blackout', 'dependency-slow', 'worker-crash', 'silent-consumer', 'lock-loss'];
  const shown = rowsOf(names.map((name) => failure(name, 1))).map((row) => /`(.+?)`/.exec(row)?.[1]);
  expect(shown).toEqual(['worker-crash', 'silent-consumer', 'dependency-slow', 'blackout', 'calm', 'lock-loss']);
});

test('a small share is not said to be none, nor the rest to be all, and what did not recover is said', () => {
  const [row] = rowsOf([
    failure('calm', 1, {
      messages: { ...none, sent: 1_000, delivered: 999, lost: 1 },
      recoveredAfterSeconds: undefined,
    }),
  ]);
  expect(row).toContain('| 99 % delivered, 1 % lost |');
  expect(row).toContain('| not while it was watched |');
});

test('a rule that needs days to see enough is told in hours', () => {
  const [row] = rowsOf([failure('extraction', 5, { fired: [{ rule: 'young-accounts', afterSeconds: 312 * 3_600 }] })]);
  expect(row).toContain('| `young-accounts` after 312 h |');
});
