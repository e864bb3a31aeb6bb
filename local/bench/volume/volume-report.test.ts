import { expect, test } from 'vitest';
import { samplingTable } from '../bench-report.ts';
import { boundsTable, volumeTable } from './volume-report.ts';

const tables = {
  AppTraces: { rows: 20, bytes: 6_000 },
  AppEvents: { rows: 51, bytes: 18_000 },
  AppMetrics: { rows: 9, bytes: 4_000 },
};
const run = { subject: 'level 3', messages: 10, deadLettered: 1, failedAttempts: 2, tables };

test('bytes and rows are told a message, and metrics, which come with time, are told apart', () => {
  const [head, row] = volumeTable([run]);
  const cells = Object.fromEntries((head ?? []).map((name, column) => [name, row?.[column]]));
  expect(cells).toEqual({
    'bytes (rows) a message': 'level 3',
    messages: '10',
    'failed attempts': '2',
    'dead letters': '1',
    AppEvents: '1800 (5.10)',
    AppTraces: '600 (2.00)',
    'all of these': '2400',
    'by time, bytes of the run': '4000',
  });
});

test('a promise that does not hold is told, also when nothing was measured', () => {
  const verdicts = [0.1, 0.11, Number.NaN].map((measured) =>
    boundsTable([{ what: 'w', measured, bound: 0.1, unit: '' }])[1]?.at(-1),
  );
  expect(verdicts).toEqual(['holds', 'BROKEN', 'BROKEN']);
});

test('requests may be off within the bound, and failures not at all', () => {
  const result = { percent: 5, requests: 1_000, bound: 0.3, failures: 10, rows: 60, seconds: 1 };
  const verdicts = (counted: number, countedFailures: number) =>
    samplingTable({ ...result, counted, countedFailures }).map((line) => line.at(-1));
  expect(verdicts(1_290, 10)).toEqual(['', 'holds', 'holds']);
  expect(verdicts(690, 11)).toEqual(['', 'BROKEN', 'BROKEN']);
});
