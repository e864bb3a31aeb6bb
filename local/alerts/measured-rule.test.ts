import { expect, test } from 'vitest';
import type { Finding } from './conditions/finding.ts';
import { measurementOf } from './measured-rule.ts';

const at = new Date('2026-11-22T10:00:00Z');
const clear = (...values: (number | undefined)[]): Finding => ({ dimensions: [], outcome: 'clear', values });
const valuesOf = (operator: 'GreaterThan' | 'LessThan', ...findings: Finding[]) =>
  measurementOf(at, findings, [{ operator }]).values;

test('of several series the one nearest to the threshold is told', () => {
  expect(valuesOf('GreaterThan', clear(3), clear(7), clear(undefined))).toEqual([7]);
  expect(valuesOf('LessThan', clear(3), clear(7), clear(undefined))).toEqual([3]);
});

test('one that fires is told before one with a larger number', () => {
  expect(valuesOf('GreaterThan', clear(9), { dimensions: [], outcome: 'met', values: [5] })).toEqual([5]);
});

test('without a series each criterion has no number', () => {
  expect(measurementOf(at, [], [{ operator: 'GreaterThan' }, { operator: 'LessThan' }])).toEqual({
    at: at.toISOString(),
    values: [null, null],
  });
});
