import { expect, test } from 'vitest';
import { nextSort, sortingOf, sortRows } from './sorted-rows.ts';

interface Row {
  name: string;
  ms: number | null;
}
const columns = [
  { key: 'name', value: ({ name }: Row) => name },
  { key: 'ms', number: true, value: ({ ms }: Row) => ms },
  { key: 'look' },
];
const rows: Row[] = [
  { name: 'file-10', ms: 4 },
  { name: 'file-9', ms: null },
  { name: 'file-1', ms: 30 },
];
const namesBy = (sort: string) => sortRows(rows, columns, sortingOf(sort, columns)).map(({ name }) => name);

test('rows are sorted by a column in both directions, numbers in words by their size', () => {
  expect(namesBy('name')).toEqual(['file-1', 'file-9', 'file-10']);
  expect(namesBy('-name')).toEqual(['file-10', 'file-9', 'file-1']);
});

test('a row without a value is last in both directions', () => {
  expect(namesBy('ms')).toEqual(['file-10', 'file-1', 'file-9']);
  expect(namesBy('-ms')).toEqual(['file-1', 'file-10', 'file-9']);
});

test('a column of another table, or one that has no order, leaves the rows as they are', () => {
  for (const sort of ['look', 'depth', '']) expect(namesBy(sort)).toEqual(rows.map(({ name }) => name));
});

test('the third click on a head ends the order; numbers begin with the largest', () => {
  const clicks = (key: number) => {
    const column = columns[key] as (typeof columns)[number];
    const first = nextSort(column, undefined);
    const second = nextSort(column, sortingOf(first ?? null, columns));
    return [first, second, nextSort(column, sortingOf(second ?? null, columns))];
  };
  expect(clicks(0)).toEqual(['name', '-name', undefined]);
  expect(clicks(1)).toEqual(['-ms', 'ms', undefined]);
});
