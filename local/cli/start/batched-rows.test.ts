import { expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { batchRows } from './batched-rows.ts';

const line = (Log: string): Row => ({ TimeGenerated: '2026-11-22T10:00:00Z', Type: 'ContainerAppConsoleLogs', Log });

test('rows are handed on by themselves and in their order, many at once', async () => {
  const batches: unknown[][] = [];
  const rows = batchRows(
    async (some) => void batches.push(some.map(({ Log }) => Log)),
    () => undefined,
  );
  rows.put(line('a'), line('b'));
  rows.put(line('c'));
  await expect.poll(() => batches).toEqual([['a', 'b', 'c']]);
  rows.put(line('d'));
  await rows.stop();
  expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
});

test('rows that cannot be kept are told once, and later ones are tried', async () => {
  const kept: unknown[] = [];
  const warnings: string[] = [];
  let full = true;
  const rows = batchRows(
    async (some) => {
      if (full) throw new Error('the disk is full');
      kept.push(...some.map(({ Log }) => Log));
    },
    (sentence) => warnings.push(sentence),
  );
  for (const text of ['a', 'b']) {
    rows.put(line(text));
    await rows.stop();
  }
  full = false;
  rows.put(line('c'));
  await rows.stop();
  expect(warnings).toEqual(["Rows of the service's container and metrics could not be kept: the disk is full"]);
  expect(kept).toEqual(['c']);
});
