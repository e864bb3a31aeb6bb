import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransactionItem } from '../../api/contract.ts';
import { filteredItems, linesOf, type WaterfallFilter } from './waterfall-tree.ts';

const item = (id: string, parent?: string, more: Partial<TransactionItem> = {}): TransactionItem => ({
  id,
  ...(parent !== undefined && { parent }),
  place: 'worker',
  kind: 'call',
  name: id,
  start: new Date(Number(id.replaceAll(/\D/g, '') || 0)).toISOString(),
  ok: true,
  ...more,
});
const shape = (items: readonly TransactionItem[], closed: readonly string[] = []) =>
  linesOf(items, new Set(closed)).map(
    ({ item: { id }, depth, times }) => `${'-'.repeat(depth)}${id}${times > 1 ? `×${times}` : ''}`,
  );

test('each item stands under what caused it, in the order of time', () => {
  expect(shape([item('a1'), item('d4', 'a1'), item('b2', 'a1'), item('c3', 'b2'), item('e5', 'gone')])).toEqual([
    'a1',
    '-b2',
    '--c3',
    '-d4',
    'e5',
  ]);
});

test('what is closed hides what is below it, counts it, and says when a failure is among it', () => {
  const items = [item('a1'), item('b2', 'a1'), item('c3', 'b2', { ok: false }), item('d4')];
  expect(shape(items, ['a1'])).toEqual(['a1', 'd4']);
  expect(linesOf(items, new Set(['a1']))[0]).toMatchObject({ below: 2, open: false, hidesFailure: true });
  expect(linesOf(items, new Set())[0]).toMatchObject({ hidesFailure: false });
});

test('five like ones are one line, four are four, and one that failed stands alone', () => {
  const like = (count: number) =>
    Array.from({ length: count }, (_, index) => item(`p${index + 2}`, 'a1', { name: 'POST' }));
  expect(shape([item('a1'), ...like(5)])).toEqual(['a1', '-p2×5']);
  expect(shape([item('a1'), ...like(4)])).toEqual(['a1', '-p2', '-p3', '-p4', '-p5']);
  const failed = item('f99', 'a1', { name: 'POST', ok: false });
  expect(shape([item('a1'), ...like(5), failed])).toEqual(['a1', '-p2×5', '-f99']);
});

test('no item is lost or told twice, whatever they name as their parents', () => {
  const id = fc.integer({ min: 0, max: 12 }).map((number) => `i${number}`);
  const parents = fc.uniqueArray(fc.record({ id, parent: fc.option(id, { nil: undefined }) }), {
    selector: (one) => one.id,
  });
  fc.assert(
    fc.property(parents, (all) => {
      const lines = linesOf(
        all.map((one) => item(one.id, one.parent, { name: one.id })),
        new Set(),
      );
      expect(lines.map((line) => line.item.id).sort()).toEqual(all.map((one) => one.id).sort());
    }),
  );
});

const all = { events: true, logs: true };
const ids = (items: readonly TransactionItem[], filter: Partial<WaterfallFilter>) =>
  filteredItems(items, { ...all, ...filter }).map(({ id }) => id);

test('what matches keeps everything that caused it', () => {
  const items = [item('a1'), item('b2', 'a1'), item('c3', 'b2'), item('d4', 'a1')];
  expect(ids(items, { matches: ({ name }) => name === 'c3' })).toEqual(['a1', 'b2', 'c3']);
  expect(ids(items, { matches: () => false })).toEqual([]);
});

test('what is short is left out with its log lines, but not what failed and not what is above something long', () => {
  const items = [
    item('a1', undefined, { ms: 5 }),
    item('b2', 'a1', { ms: 100 }),
    item('c3', 'a1', { ms: 1 }),
    item('d4', 'c3', { kind: 'log' }),
    item('e5', 'a1', { ms: 1, ok: false }),
    item('f6', 'e5', { kind: 'log' }),
  ];
  expect(ids(items, { leastMs: 10 })).toEqual(['a1', 'b2', 'e5', 'f6']);
});

test('events and log lines are left out when nobody wants them', () => {
  const items = [item('a1'), item('b2', 'a1', { kind: 'event' }), item('c3', 'a1', { kind: 'log' })];
  expect(ids(items, { events: false })).toEqual(['a1', 'c3']);
  expect(ids(items, { logs: false })).toEqual(['a1', 'b2']);
});

test('ten thousand siblings are laid out in a moment', () => {
  const items = [
    item('a0'),
    ...Array.from({ length: 10_000 }, (_, index) => item(`b${index}`, 'a0', { name: `${index}` })),
  ];
  const before = performance.now();
  expect(linesOf(items, new Set())).toHaveLength(10_001);
  expect(performance.now() - before).toBeLessThan(1_000);
});
