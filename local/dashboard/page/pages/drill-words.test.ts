import { expect, test } from 'vitest';
import type { DrilledLevel, StartedDrill } from '../../api/contract.ts';
import { afterWords, drillColumns, drillMarkdown, faultsOf, levelWords, newestReports, proofs } from './drill-words.ts';

const messages = { sent: 10, delivered: 8, waiting: 0, deadLettered: 2, lost: 0, refused: 0 };
const found = (level: number, more: Partial<DrilledLevel> = {}): DrilledLevel => ({
  ...{ drill: 'poison', level, question: 'What?', messages, fired: [] },
  ...more,
});
const fired = [{ rule: 'dead-letters', afterSeconds: 100 }];

test('levels beside each other that found the same are one column', () => {
  const columns = drillColumns([found(1), found(2), found(3, { fired }), found(5, { fired })]);
  expect(columns.map(levelWords)).toEqual(['Level 1–2', 'Level 3', 'Level 5']);
});

test('of each level the newest run tells, and what was recorded where none does', () => {
  const run = (id: string, ...reports: DrilledLevel[]): StartedDrill => ({
    ...{ id, drill: 'poison', levels: [], state: 'done', startedAt: '2026-11-22T10:00:00Z', seconds: 9, reports },
  });
  const newest = run('2', found(2, { question: 'newest' }));
  const older = run('1', found(2, { question: 'older' }), found(4, { question: 'older' }));
  const told = newestReports({ recorded: [found(1), found(4)], runs: [newest, older] });
  expect(told.map(({ level, question }) => [level, question])).toEqual([
    [1, 'What?'],
    [2, 'newest'],
    [4, 'older'],
  ]);
});

test('what did not hold is said, a sentence each', () => {
  expect(faultsOf(found(1, { missed: ['a'], unexpected: ['b'], broken: ['Two were lost.'] }))).toEqual([
    'a should have fired.',
    'b fired and should not have.',
    'Two were lost.',
  ]);
});

test('what comes within a second of the fault comes at once', () => {
  expect([-0.4, 0, 0.9, 100].map(afterWords)).toEqual([
    'at once',
    'at once',
    'at once',
    'after 1\u00a0m\u00a040\u00a0s',
  ]);
});

test('a rule is proven by a drill in which it fired as named, at the highest level', () => {
  const { rules, of } = proofs([
    {
      name: 'poison',
      reports: [found(1, { fired: [{ rule: 'basic', afterSeconds: 9 }] }), found(4, { fired, missed: ['growing'] })],
    },
    { name: 'calm', reports: [found(4, { fired, unexpected: ['dead-letters'] })] },
    { name: 'later', reports: [] },
  ]);
  expect(rules).toEqual(['dead-letters', 'growing']);
  expect([
    of('dead-letters', 'poison'),
    of('growing', 'poison'),
    of('dead-letters', 'calm'),
    of('growing', 'later'),
  ]).toEqual(['fired', 'wrong', 'wrong', 'quiet']);
});

test('a drill is copied as a table of Markdown, with a column a level', () => {
  const text = drillMarkdown({ name: 'poison', question: 'What?' }, [
    found(1),
    found(4, { fired, firstToKnow: { who: 'A rule | the team', afterSeconds: 100 } }),
  ]);
  expect(text).toContain('|  | Level 1 | Level 4 |');
  expect(text).toContain(
    '| The messages | 8 delivered, 2 dead-lettered, 0 lost | 8 delivered, 2 dead-lettered, 0 lost |',
  );
  expect(text).toContain('| First to know | Nobody is told | A rule \\| the team, after 1\u00a0m\u00a040\u00a0s |');
});
