import { expect, test } from 'vitest';
import { createProblemReport } from '../../../../src/observability/modules/application-insights/sdk-diagnostics.ts';
import { runClassicApplication } from './classic-application.ts';

function recording() {
  const told: unknown[][] = [];
  let now = 0;
  const write = (severity: string) => (message: string, fields?: object) => void told.push([severity, message, fields]);
  const log = { debug: write('debug'), info: write('info'), warning: write('warning'), error: write('error') };
  const report = createProblemReport(log, { now: () => new Date(now) });
  return { report, told, later: (ms: number) => (now += ms) };
}

test('a problem is told at once, then once a minute with how often it was held back', () => {
  const { report, told, later } = recording();
  for (let times = 0; times < 100; times++) report('warning', ['queue', `dropped ${times} spans`]);
  later(60_000);
  report('warning', ['queue', 'dropped 4711 spans']);
  expect(told).toEqual([
    ['warning', 'telemetry has a problem', { problem: 'queue dropped 0 spans', heldBack: 0 }],
    ['warning', 'telemetry has a problem', { problem: 'queue dropped 4711 spans', heldBack: 99 }],
  ]);
});

test('another problem is not held back by the first', () => {
  const { report, told } = recording();
  report('error', ['first', new Error('refused')]);
  report('error', ['second', ['nested', new TypeError('')]]);
  expect(told.map(([, , fields]) => (fields as { problem: string }).problem)).toEqual([
    'first refused',
    'second nested TypeError',
  ]);
});

test('what no operator can act on is left out', () => {
  const { report, told } = recording();
  report('warning', ['Accessing resource attributes before async attributes settled']);
  report('error', ['Envelopes could not be exported and are not retriable. Error message:', 'Quota exceeded']);
  expect(told).toEqual([]);
});

test('endless variety does not fill memory, and is still told', () => {
  const { report, told } = recording();
  for (let length = 1; length <= 1_000; length++) report('warning', ['x'.repeat(length)]);
  expect(told).toHaveLength(1_000);
});

test('what an SDK of Azure warns about is a line of debug, and nothing else on standard output', async () => {
  const { reports } = await runClassicApplication();
  expect(reports).toEqual([expect.stringContaining('some-sdk:warning connection lost')]);
});
