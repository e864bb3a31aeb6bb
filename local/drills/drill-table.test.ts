import { expect, test } from 'vitest';
import { plain } from '../cli/for-eyes.ts';
import type { DrillReport } from './drill-report.ts';
import { drillTable } from './drill-table.ts';

const report: DrillReport = {
  drill: 'dependency-down',
  level: 1,
  question: 'What happens?',
  messages: { sent: 10, delivered: 4, waiting: 0, deadLettered: 6, lost: 0, refused: 0 },
  fired: [{ rule: 'dead-letters', afterSeconds: 300, of: 'parcels' }],
  missed: [],
  unexpected: [],
  broken: [],
  firstToKnow: { who: 'the operators', afterSeconds: 300 },
  seen: [{ question: 'Which calls fail?', query: 'AppDependencies', answer: '' }],
  recoveredAfterSeconds: 0.2,
  layout: ['8 s of calm, once'],
  tookSeconds: 40,
};

test('each level is a column, and what is equal side by side is said once', () => {
  const higher = { ...report, level: 4, messages: { ...report.messages, delivered: 10, deadLettered: 0 } };
  expect(drillTable([report, higher], { width: 80, paint: plain })).toBe(`dependency-down: What happens? holds
                   level 1                        level 4
  messages         10 sent                        10 sent
                   4 delivered                    10 delivered
                   6 dead-lettered
  first to know    the operators, after 5 min
  what you see     Which calls fail? nothing
  rules that fired dead-letters (parcels) after 5 min
  recovered        at once
  time line: 8 s of calm, once

`);
});

test('what does not hold is said in rows of its own, and long cells are broken at blanks', () => {
  const broken = { ...report, missed: ['memory'], unexpected: ['backlog'], broken: ['a promise that was broken'] };
  const table = drillTable([broken], { width: 40, paint: plain });
  expect(table).toContain('What happens? does not hold');
  expect(table).toContain('  should have      memory\n');
  expect(table).toContain('  should not have  backlog\n');
  expect(table).toContain('  broken           a promise that was\n                   broken\n');
  expect(table).toContain('  rules that fired dead-letters (parcels)\n                   after 5 min\n');
});

test('who is never told and what does not recover are said in words', () => {
  const worse = { ...report, firstToKnow: undefined, recoveredAfterSeconds: undefined, fired: [] };
  const table = drillTable([worse], { width: 80, paint: plain });
  expect(table).toContain('  first to know    nobody\n');
  expect(table).toContain('  recovered        not while it was watched\n');
  expect(table).toContain('  rules that fired none\n');
});
