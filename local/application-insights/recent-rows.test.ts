import { expect, test } from 'vitest';
import { createRecentRows } from './recent-rows.ts';
import type { Row } from './tables.ts';

const row = (name: string, OperationId = 'none'): Row => ({
  TimeGenerated: '2026-11-22T10:00:00.000Z',
  Type: 'AppEvents',
  Name: name,
  OperationId,
});
const names = (rows: readonly Row[]) => rows.map((one) => one.Name);

test('a full table drops its oldest rows and counts them, and other tables are untouched', () => {
  const store = createRecentRows({ maxRows: 3 });
  store.add([{ ...row('other'), Type: 'AppTraces' }]);
  for (const name of 'abcdefgh') store.add([row(name)]);
  expect(names(store.rows('AppEvents'))).toEqual(['f', 'g', 'h']);
  expect(names(store.rows('AppTraces'))).toEqual(['other']);
  expect(store.counts()).toMatchObject({
    AppEvents: { rows: 3, received: 8, dropped: 5 },
    AppTraces: { rows: 1, received: 1, dropped: 0 },
    AppRequests: { rows: 0, received: 0, dropped: 0 },
  });
});

test('rows can be asked for by operation', () => {
  const store = createRecentRows({ maxRows: 10 });
  for (const [name, operation] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ] as const)
    store.add([row(name, operation)]);
  expect(names(store.rows('AppEvents', { operationId: 'x' }))).toEqual(['a', 'c']);
});

test('rows can be asked for by number, so that a reader gets each row once, and the newest alone', () => {
  const store = createRecentRows({ maxRows: 4 });
  for (const name of 'abcdef') store.add([row(name)]);
  expect(names(store.rows('AppEvents', { from: 4 }))).toEqual(['e', 'f']);
  expect(names(store.rows('AppEvents', { from: 0, to: 4 }))).toEqual(['c', 'd']);
  expect(names(store.rows('AppEvents', { from: 6 }))).toEqual([]);
  expect(names(store.rows('AppEvents', { last: 3 }))).toEqual(['d', 'e', 'f']);
  expect(names(store.rows('AppEvents', { last: 9 }))).toEqual(['c', 'd', 'e', 'f']);
});

test('rows without a name can be left out, in tables whose rows have one', () => {
  const store = createRecentRows({ maxRows: 4 });
  const { Name: _name, ...nameless } = row('a');
  store.add([nameless, row('b'), { ...nameless, Type: 'AppTraces' }]);
  expect(names(store.rows('AppEvents', { named: true }))).toEqual(['b']);
  expect(store.rows('AppTraces', { named: true })).toHaveLength(1);
});

test('an unknown table is refused with the names of the real ones', () => {
  const store = createRecentRows({ maxRows: 1 });
  expect(() => store.rows('AppReqests')).toThrow(/no table "AppReqests"; choose one of AppRequests, AppDependencies/);
  expect(() => store.rows('toString')).toThrow(/no table "toString"/);
});

test('a bound that is no whole number is refused', () => {
  expect(() => createRecentRows({ maxRows: 0 })).toThrow(/maxRows must be a whole number from 1, not 0/);
});
