import { expect, test } from 'vitest';
import type { Row, TableName } from './tables.ts';
import { createUsageCounter } from './usage-rows.ts';

const row = (Type: TableName, _BilledSize: number): Row => ({
  TimeGenerated: '2026-01-01T00:00:00Z',
  Type,
  _BilledSize,
});

test('an hour is told by table once it has ended, and nothing twice', () => {
  let time = '2026-11-22T10:59:59.999Z';
  const usage = createUsageCounter(() => new Date(time));
  expect(usage.count([row('AppTraces', 300_000), row('AppTraces', 200_000), row('AppEvents', 1_000)])).toEqual([]);
  time = '2026-11-22T11:00:00.000Z';
  const told = usage.count([row('AppTraces', 7_000_000)]);
  const hour = { StartTime: '2026-11-22T10:00:00.000Z', EndTime: '2026-11-22T11:00:00.000Z', QuantityUnit: 'MBytes' };
  expect(told).toMatchObject([
    { Type: 'Usage', DataType: 'AppTraces', Quantity: 0.5, IsBillable: true, ...hour },
    { Type: 'Usage', DataType: 'AppEvents', Quantity: 0.001, IsBillable: true, ...hour },
  ]);
  expect(usage.count([])).toEqual([]);
  expect(usage.rest()).toMatchObject([{ DataType: 'AppTraces', Quantity: 7 }]);
  expect(usage.rest()).toEqual([]);
});

test('what Azure does not bill is not counted', () => {
  const usage = createUsageCounter(() => new Date());
  usage.count([row('Usage', 1), row('Operation', 1)]);
  expect(usage.rest()).toEqual([]);
});
