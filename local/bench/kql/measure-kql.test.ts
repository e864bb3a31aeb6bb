import { expect, test } from 'vitest';
import { kqlTable, measureKql } from './measure-kql.ts';

test('each of the ten queries finds rows, as many as the hand-written one beside it', async () => {
  const result = await measureKql(6_000, () => undefined);
  expect(result.queries).toHaveLength(10);
  expect(result.queries.filter(({ rows }) => rows === 0)).toEqual([]);
  expect(kqlTable(result)).toHaveLength(12);
});
