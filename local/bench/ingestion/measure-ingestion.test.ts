import { expect, test } from 'vitest';
import { ingestionHolds, ingestionTable } from './ingestion-report.ts';
import { type IngestionResult, measureIngestion } from './measure-ingestion.ts';

test('every row that was accepted is found in the tables, whatever was sent at the same time', async () => {
  const result = await measureIngestion(2_000, () => undefined);
  expect(result.sent).toEqual({ AppRequests: 1_200, AppDependencies: 600, AppEvents: 200 });
  expect(result.found).toEqual(result.sent);
  expect(result.fileMb).toBeGreaterThan(0);
});

test('a row that is missing, and memory above the budget, break the promise', () => {
  const result: IngestionResult = {
    ...{ rows: 3, sent: { AppEvents: 3 }, found: { AppEvents: 3 }, seconds: 1, fileMb: 1, queryMs: 1, openMs: 1 },
    ...{ peakMb: 900, budgetMb: 1_000 },
  };
  expect(ingestionHolds(result)).toBe(true);
  expect(ingestionHolds({ ...result, found: { AppEvents: 2 } })).toBe(false);
  expect(ingestionHolds({ ...result, peakMb: 1_001 })).toBe(false);
  expect(ingestionTable({ ...result, found: { AppEvents: 1 } })[1]).toEqual([
    'rows accepted and not found',
    '2',
    '0',
    'BROKEN',
  ]);
});
