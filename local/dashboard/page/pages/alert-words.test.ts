import { expect, test } from 'vitest';
import type { AlertRuleRow } from '../../api/contract.ts';
import { firesWhen, nowOf, sinceOf, stateOfRule } from './alert-words.ts';

const rule: AlertRuleRow = {
  ...{
    name: 'late',
    title: 'Late',
    severity: 2,
    feels: 'Senders.',
    state: 'fired',
    window: 'PT15M',
    frequency: 'PT5M',
  },
  criteria: [{ measure: 'Maximum of lateShare', operator: 'GreaterThan', threshold: 5 }],
  alerts: [
    { since: '2026-11-22T10:05:00.000Z', dimensions: [], values: [7] },
    { since: '2026-11-22T10:00:00.000Z', dimensions: [], values: [9] },
  ],
  measured: [{ at: '2026-11-22T10:05:00.000Z', values: [8.126] }],
};

test('when a rule fires is said with its sign, its threshold and its window', () => {
  expect(firesWhen(rule)).toBe('lateShare > 5 in 15\u00a0min');
  expect(firesWhen(rule, { whole: true })).toBe('Maximum of lateShare > 5 in 15\u00a0min');
  const often = { ...rule, window: 'P1DT2H', periods: { needed: 2, of: 3 } };
  expect(firesWhen(often)).toBe('lateShare > 5 in 1\u00a0d 2\u00a0h, 2 of 3 times');
  const both = [...rule.criteria, { measure: 'Total of Completed', operator: 'LessThan', threshold: 1 }];
  expect(firesWhen({ ...rule, criteria: both })).toContain('> 5 and Completed < 1 in');
});

test('a rule fires since its oldest alert, and says how many there are', () => {
  expect(sinceOf(rule)).toBe('2026-11-22T10:00:00.000Z');
  expect(stateOfRule(rule)).toEqual(['failed', 'Firing, 2']);
  expect(sinceOf({ alerts: [] })).toBeUndefined();
});

test('now is what the last check compared, and a dash before the first', () => {
  expect(nowOf(rule)).toBe('8.13');
  expect(nowOf({ measured: [] })).toBe('–');
});
