import { expect, test } from 'vitest';
import { samplingTable } from '../bench-report.ts';
import { predictionBounds } from './prediction-bounds.ts';
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

test('a prediction of plan is off by what it differs from the level that was measured, up and down', () => {
  const result = (subject: string, bytes: number) => ({
    ...run,
    subject,
    tables: { AppTraces: { rows: 1, bytes: bytes * run.messages }, AppMetrics: { rows: 1, bytes: 1e6 } },
  });
  const volume = {
    measuredOn: '2026-11-29',
    levels: { 1: { AppTraces: 1_000 }, 2: { AppTraces: 500, AppEvents: 300 } },
  };
  const results = [
    ...[result('level 1, 100 %', 2_000), result('level 1, 100 %, five times the failures', 1_500)],
    ...[result('level 2, 100 %', 800), result('level 2, 100 %, five times the failures', 2_000)],
  ];
  const bounds = predictionBounds(results, volume).map(({ what, measured }) => [what, measured]);
  expect(bounds).toEqual([
    ['plan 1 2: bytes a message are off by', expect.closeTo(0.2)], // 2,000 as at level 1, so 1,600 predicted
    ['plan 2 1: bytes a message are off by', expect.closeTo(1 / 3)], // 800 as at level 2, so 1,000 predicted
  ]);
});
