import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../../application-insights/index.ts';
import { postParcel } from '../../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../../service/stand-ins.ts';

let standIns: StandIns;
let service: RunningService;
const delivered = 5;

beforeAll(async () => {
  standIns = await startStandIns();
  service = await startService(standIns, { config: { level: 3 } });
  for (let sent = 0; sent < delivered; sent++) await postParcel(service, { key: `k${sent}` });
  await postParcel(service, { key: 'lost', depot: 'nowhere' });
  await standIns.settled();
  await service.stop();
});
afterAll(async () => {
  await endServices();
  await standIns.stop();
});

/** The rows of a metric for the queue of the business, with the properties that are given. */
const rowsOf = (name: string, more: Readonly<Record<string, string>> = {}): Row[] =>
  standIns.insights.rows('AppMetrics').filter((row) => {
    const properties = Object(row.Properties);
    const wanted = Object.entries({ source: standIns.business.queue, ...more });
    return row.Name === name && wanted.every(([key, value]) => properties[key] === value);
  });
const sum = (rows: readonly Row[], column: 'Sum' | 'ItemCount') =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

test('completions and dead letters are counted by their settlement', () => {
  expect(sum(rowsOf('servicebus.messages.settled', { settlement: 'complete' }), 'Sum')).toBe(delivered);
  expect(sum(rowsOf('servicebus.messages.settled', { settlement: 'dead-letter' }), 'Sum')).toBe(1);
});

test('the time in the queue is measured for each delivery, in seconds', () => {
  const rows = rowsOf('servicebus.time_in_queue');
  expect(sum(rows, 'ItemCount')).toBe(delivered + 1);
  for (const { Min, Max } of rows) {
    expect(Number(Min)).toBeGreaterThanOrEqual(0);
    expect(Number(Max)).toBeLessThan(60);
  }
});

test.each([
  'servicebus.messages.active',
  'servicebus.messages.dead_letter',
  'servicebus.messages.scheduled',
  'servicebus.oldest_message.age',
  'servicebus.messages.in_flight',
])('%s is reported for the queue, and is 0 where nothing was before the first round', (name) => {
  const values = rowsOf(name).map((row) => Number(row.Sum));
  expect(values.length).toBeGreaterThan(0);
  expect(values.at(-1)).toBe(0);
});

test('the consumer is reported as receiving, also that of each subscription', () => {
  const sources = standIns.insights
    .rows('AppMetrics')
    .filter(({ Name, Sum }) => Name === 'servicebus.consumer.receiving' && Sum === 1);
  const names = new Set(sources.map(({ Properties }) => Object(Properties).source));
  expect(names).toContain(standIns.business.queue);
  expect([...names].some((name) => String(name).includes('/'))).toBe(true);
});

test('the requests of the reader are no rows of their own', () => {
  const text = standIns.insights.rows('AppDependencies').map((row) => JSON.stringify(row));
  expect(text.filter((row) => /api-version|peek|management/i.test(row))).toEqual([]);
  expect(service.lines('a queue cannot be read')).toEqual([]);
});
