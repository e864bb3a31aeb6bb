import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Row } from '../../../../application-insights/index.ts';
import { parcelIdOf, postParcel } from '../../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../../service/stand-ins.ts';

const patience = { timeout: 15_000, interval: 30 };
const tables = ['AppRequests', 'AppDependencies', 'AppTraces', 'AppExceptions', 'AppEvents'] as const;

afterAll(endServices);

/** Failed deliveries are left to the broker, so that the story has a dead letter soon. */
const start = (standIns: StandIns, config: object = {}) =>
  startService(standIns, { config: { level: 3, modules: { remove: ['dead-letters'] }, ...config } });

/** Back into the queue with all that it carries, as an operator's tool does it. */
async function replay({ serviceBus }: StandIns): Promise<void> {
  const client = new ServiceBusClient(serviceBus.connectionString);
  const receiver = client.createReceiver('parcels', { subQueueType: 'deadLetter', skipParsingBodyAsJson: true });
  const [letter] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
  if (!letter) throw new Error('There is no dead letter.');
  const { body, contentType, correlationId, messageId, applicationProperties } = letter;
  const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = applicationProperties ?? {};
  const copy = { body, messageId: `${messageId}:2`, applicationProperties: properties };
  await client.createSender('parcels').sendMessages({
    ...copy,
    ...(contentType !== undefined && { contentType }),
    ...(correlationId !== undefined && { correlationId }),
  });
  await receiver.completeMessage(letter);
  await client.close();
}

const allRows = ({ insights }: StandIns): Row[] => tables.flatMap((table) => insights.rows(table));
const propertyOf = ({ Properties }: Row, name: string) => (Properties as Record<string, string>)[name];
const isOfFile = (row: Row) => row.Message !== 'listening' && row.OperationId !== undefined;

describe('request, queue, failure, dead letter, replay and delivery', () => {
  let standIns: StandIns;
  let service: RunningService;

  beforeAll(async () => {
    standIns = await startStandIns({ queue: { maxDeliveryCount: 2 } });
    service = await start(standIns);
    await standIns.destination.faults.mode('flaky', { share: 1 });
    const answer = await postParcel(service, { key: 'f-1', headers: { 'x-correlation-id': 'order:1' } });
    expect(answer.headers.get('x-correlation-id')).toBe('order:1');
    await vi.waitFor(() => expect(standIns.deadLettered().has(parcelIdOf('f-1'))).toBe(true), patience);
    await standIns.destination.faults.mode('ok');
    await replay(standIns);
    await standIns.rows('AppRequests', ({ Name }) => Name === 'process parcels', 3);
    await standIns.rows('AppTraces', ({ Message }) => Message === 'parcel delivered');
    await standIns.rows('AppEvents', ({ Name }) => Name === 'parcels.delivered');
    await service.stop();
  });
  afterAll(() => standIns?.stop());

  test('are one operation in every row, and every row of it has the correlation id', () => {
    const rows = allRows(standIns).filter(isOfFile);
    expect(rows.length).toBeGreaterThan(12);
    expect(new Set(rows.map(({ Type }) => Type))).toEqual(new Set(tables));
    expect(new Set(rows.map(({ OperationId }) => OperationId)).size).toBe(1);
    for (const row of rows) expect(propertyOf(row, 'correlationId'), JSON.stringify(row)).toBe('order:1');
  });

  test('hang together: the request sent the message, and each delivery is a child of that sending', () => {
    const request = standIns.insights.rows('AppRequests').find(({ Name }) => Name === 'POST /parcels');
    const sends = standIns.insights.rows('AppDependencies').filter(({ Name }) => Name === 'send parcels');
    expect(sends).toEqual([
      expect.objectContaining({ ParentId: request?.Id, DependencyType: 'Queue Message', Success: true }),
    ]);
    const deliveries = standIns.insights.rows('AppRequests').filter(({ Name }) => Name === 'process parcels');
    for (const { ParentId } of deliveries) expect(ParentId).toBe(sends[0]?.Id);
  });

  test('show a failed delivery as failed, and a delivery by its name and outcome', () => {
    const deliveries = standIns.insights.rows('AppRequests').filter(({ Name }) => Name === 'process parcels');
    const outcomes = deliveries.map((row) => [
      row.OperationName,
      row.Success,
      propertyOf(row, 'messaging.servicebus.disposition_status'),
      propertyOf(row, 'messaging.servicebus.message.delivery_count'),
    ]);
    expect(outcomes).toEqual([
      ['process parcels', false, 'abandon', '0'],
      ['process parcels', false, 'abandon', '1'],
      ['process parcels', true, 'complete', '0'],
    ]);
  });

  test('are made by no span of the SDK, which would begin a new operation at every receive', () => {
    const names = [...standIns.insights.rows('AppDependencies'), ...standIns.insights.rows('AppRequests')].map(
      ({ Name }) => Name,
    );
    expect(names).not.toContain(undefined);
    expect(names.filter((name) => /servicebus/i.test(String(name)))).toEqual([]);
  });
});

test('at 1 percent the ids of a message are still one on its message, its log lines and its events', async () => {
  const standIns = await startStandIns({ queue: { maxDeliveryCount: 1 } });
  const service = await start(standIns, { sampling: { percent: 1 }, slo: { latencyMs: 60_000 } });
  const keys = Array.from({ length: 8 }, (_, n) => `f-${n}`);
  // From level 3 on failures are kept at any percentage: what is sampled are those in which all is well.
  await Promise.all(keys.map((key) => postParcel(service, { key: `well-${key}` })));
  await standIns.settled();
  await standIns.destination.faults.mode('reject');
  const given = await Promise.all(
    keys.map(async (key) => (await postParcel(service, { key })).headers.get('x-correlation-id')),
  );
  await vi.waitFor(() => expect(standIns.deadLettered().size).toBe(keys.length), patience);
  await service.stop();

  const client = new ServiceBusClient(standIns.serviceBus.connectionString);
  const letters = await client.createReceiver('parcels', { subQueueType: 'deadLetter' }).peekMessages(100);
  await client.close();
  const sampled = new Set(standIns.insights.rows('AppRequests').map(({ OperationId }) => OperationId));
  expect(sampled.size).toBeLessThan(2 * keys.length);
  for (const [index, key] of keys.entries()) {
    const letter = letters.find(({ messageId }) => messageId === parcelIdOf(key));
    const { applicationProperties: properties = {} } = letter ?? {};
    const traceId = String(properties.traceparent).split('-')[1];
    expect(letter?.correlationId).toBe(given[index]);
    expect(properties).toMatchObject({ 'Diagnostic-Id': properties.traceparent, 'obs-attempt': 1, 'obs-copy': 1 });
    const rows = [...standIns.insights.rows('AppEvents'), ...standIns.insights.rows('AppTraces')].filter(
      (row) => propertyOf(row, 'parcelId') === parcelIdOf(key),
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      expect(row.OperationId).toBe(traceId);
      expect(propertyOf(row, 'correlationId')).toBe(given[index]);
    }
  }
  await standIns.stop();
});
