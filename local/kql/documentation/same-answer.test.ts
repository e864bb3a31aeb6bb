import { expect, test } from 'vitest';
import type { KqlValue } from '../index.ts';
import { difference } from './same-answer.ts';

const example = (rows: string[][], more: object = {}) => ({
  ...{ page: 'page.md', line: 1, query: 'T | project a', columns: ['a'], rows, isCut: false },
  ...more,
});
const result = (...values: KqlValue[]) => ({
  columns: [{ name: 'a', type: 'string' }],
  rows: values.map((a) => ({ a })),
});

test.each<[KqlValue, string]>([
  [2, '2'],
  [0.6666666666666666, '0.667'],
  [1234567, '1,234,567'],
  [6.02e23, '6.02e23'],
  [9007199254740993n, '9007199254740993'],
  [true, '1'],
  [false, 'false'],
  [null, ''],
  ['', 'null'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-∞'],
  ['one\ntwo', 'one two'],
  ['2017-01-01T00:00:00.0000000Z', '2017-01-01'],
  ['2017-01-01T08:30:00.1230000Z', '2017-01-01 08:30:00.123'],
  ['1.02:00:00', '1.02:00:00.0000000'],
  [{ a: [1, 0.3333333333333333], b: 'x' }, '{"b": "x", "a": [1, 0.333]}'],
])('%s is what a page prints as %s', (value, cell) => {
  expect(difference(example([[cell]]), result(value))).toBeUndefined();
});

test.each<[KqlValue, string]>([
  [2, '3'],
  [0.6666666666666666, '0.66'],
  [2, ''],
  [true, '0'],
  [null, '0'],
  ['a', 'A'],
  ['2017-01-01T00:00:00.0000000Z', '2017-01-02'],
  ['01:00:00', '00:01:00'],
  ['02:00:00', '2.00:00:00'],
  [[1, 2], '[2,1]'],
  [{ a: 1 }, '{"a":1,"b":2}'],
  [9007199254740993n, '9007199254740992'],
])('%s is not what a page prints as %s', (value, cell) => {
  expect(difference(example([[cell]]), result(value))).toMatch(/^no row/);
});

test('rows come in any order, each as often as the page has it', () => {
  expect(difference(example([['1'], ['2'], ['2']]), result(2, 1, 2))).toBeUndefined();
  expect(difference(example([['1'], ['2'], ['2']]), result(1, 1, 2))).toMatch(/^no row 2/);
});

test('the number of rows counts, but for an answer that the page cuts', () => {
  expect(difference(example([['1']]), result(1, 2))).toBe('2 rows; the page has 1');
  expect(difference(example([['1']], { isCut: true }), result(1, 2))).toBeUndefined();
});

test('a name counts where the query has it, and not where only the page gives one', () => {
  expect(difference(example([['1']], { columns: ['T'] }), result(1))).toBe('columns a; the page has T');
  expect(difference(example([['1']], { columns: ['Result'] }), result(1))).toBeUndefined();
  expect(difference(example([['1', '2']], { columns: ['a', 'b'] }), result(1))).toBe('columns a; the page has a, b');
});
