import { expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { describeRow, duration } from './describe-row.ts';

const row = (Type: Row['Type'], fields: Partial<Row>): Row => ({
  Type,
  TimeGenerated: '2026-11-29T00:17:08Z',
  ...fields,
});

test('each kind of row says what it is about and how it ended', () => {
  const settled = { 'message.settlement': 'complete', 'message.attempt': '2', 'messaging.message.id': 'm-1' };
  const cases: [Row, object][] = [
    [row('AppRequests', { Name: 'POST /orders', ResultCode: '503', Success: false }), { result: '503', fails: true }],
    [
      row('AppRequests', { Name: 'process files', ResultCode: '0', Properties: settled }),
      { result: 'complete, attempt 2', fields: 'messageId m-1' },
    ],
    [row('AppRequests', { Properties: { 'messaging.source.name': 'files' } }), { what: 'receive files', result: '' }],
    [row('AppDependencies', { Name: 'POST /x', ResultCode: '0', Success: false }), { result: 'failed', fails: true }],
    [row('AppTraces', { Message: 'queued', SeverityLevel: 1 }), { what: 'queued', result: '', fails: false }],
    [row('AppTraces', { Message: 'odd', SeverityLevel: 2 }), { result: 'warning', fails: true }],
    [
      row('AppExceptions', { ExceptionType: 'E', OuterMessage: 'no', Properties: { message: 'it failed' } }),
      { what: 'it failed: E: no' },
    ],
    [row('AppMetrics', { Name: 'lag', Sum: 10, ItemCount: 4 }), { what: 'lag', result: '2.5' }],
    [row('AppEvents', { Name: 'paid', Measurements: { age: 1.23 } }), { what: 'paid', fields: 'age 1.2' }],
    [row('ContainerAppConsoleLogs', { Log: 'listening', Stream: 'stdout' }), { what: 'listening', result: 'stdout' }],
    [row('ContainerAppSystemLogs', { Log: 'Started', Reason: 'Started' }), { what: 'Started', result: 'Started' }],
    [row('Usage', { DataType: 'AppTraces', Quantity: 0.0123 }), { what: 'AppTraces', result: '0.012 MB' }],
    [row('Operation', { Detail: 'full', OperationStatus: 'Warning' }), { what: 'full', result: 'Warning' }],
  ];
  for (const [given, described] of cases) expect(describeRow(given)).toMatchObject(described);
});

test('a duration is as exact as people read it', () => {
  expect([0.123, 58.19, 1_234, undefined].map(duration)).toEqual(['0.1 ms', '58 ms', '1.2 s', '']);
});
