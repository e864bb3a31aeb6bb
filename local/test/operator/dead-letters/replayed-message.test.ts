import { ServiceBusClient, type ServiceBusReceiverOptions } from '@azure/service-bus';
import { afterAll, expect, test, vi } from 'vitest';
import { property } from '../../../../src/observability/modules/dead-letters/properties.ts';
import { countIn } from '../../../../src/platform/message-properties.ts';
import type { Row } from '../../../application-insights/index.ts';
import { parcelIdOf, postParcel } from '../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../service/stand-ins.ts';
import { launchCommand } from './launch-command.ts';

const patience = { timeout: 18_000, interval: 20 };
/** Events are of level 3; everything else of level 2. Short delays, or the story would take minutes. */
const config = {
  level: 2,
  modules: { add: ['custom-events'] },
  retry: { attempts: 4, firstDelaySeconds: 1, factor: 1 },
};
const propertyOf = ({ Properties }: Row, name: string) => (Properties as Record<string, string>)[name];

afterAll(endServices);

/** Files that fail and wait so many times, then fail for good and are dead-lettered. Resolves with their correlation ids. */
async function failForGood(
  standIns: StandIns,
  service: RunningService,
  keys: readonly string[],
  times: number,
): Promise<Map<string, string>> {
  const { destination } = standIns;
  await destination.faults.mode('flaky', { share: 1 });
  const given = await Promise.all(
    keys.map(async (key) => {
      const { status, headers } = await postParcel(service, { key });
      expect(status).toBe(202);
      return [parcelIdOf(key), headers.get('x-correlation-id') ?? ''] as const;
    }),
  );
  // Each waits as a copy, for its last time at least.
  await vi.waitFor(async () => {
    const waiting = await messagesOf(standIns, {});
    expect(waiting).toHaveLength(keys.length);
    for (const { properties } of waiting) expect(countIn(properties, property.copy)).toBeGreaterThan(times);
  }, patience);
  await destination.faults.mode('reject');
  await vi.waitFor(() => expect(standIns.deadLettered().size).toBe(keys.length), patience);
  return new Map(given);
}

interface HistoryEntry {
  outcome: string;
  reason: string;
}

const historyOf = (letter: { properties: Record<string, unknown> } | undefined) =>
  JSON.parse(String(letter?.properties[property.history])) as HistoryEntry[];

const deadLettersOf = (standIns: StandIns) => messagesOf(standIns, { subQueueType: 'deadLetter' });

async function messagesOf({ serviceBus }: StandIns, options: ServiceBusReceiverOptions) {
  const client = new ServiceBusClient(serviceBus.connectionString);
  const letters = await client.createReceiver('parcels', options).peekMessages(100);
  await client.close();
  return letters.map(({ messageId, correlationId, deadLetterReason, applicationProperties: properties = {} }) => ({
    messageId: String(messageId),
    correlationId,
    deadLetterReason,
    properties,
    traceId: String(properties.traceparent).split('-')[1],
  }));
}

test.concurrent('a message that fails twice, waits, fails for good, is dead-lettered and replayed is one operation in all tables', async () => {
  const standIns = await startStandIns();
  const { insights, destination } = standIns;
  const service = await startService(standIns, { config });
  const story = parcelIdOf('story');
  const given = await failForGood(standIns, service, ['story'], 2);
  const [letter] = await deadLettersOf(standIns);
  expect(letter).toMatchObject({
    deadLetterReason: 'DepotRefused',
    correlationId: given.get(story),
    properties: { [property.originalId]: story },
  });

  // Refused again it is parked, and at the next replay it gets where it belongs.
  const replay = (line: string) => launchCommand(standIns, { config, line: `replay --yes --actor ann ${line}` });
  expect(await replay('--reason DepotRefused')).toMatchObject({ code: 0 });
  const isParked = async () => expect((await deadLettersOf(standIns))[0]?.properties[property.parked]).toBe(true);
  await vi.waitFor(isParked, patience);
  const [parked] = await deadLettersOf(standIns);
  expect(JSON.parse(String(parked?.properties[property.history]))).toMatchObject([
    { outcome: 'retried', reason: 'TransientFailure' },
    ...Array.from({ length: historyOf(letter).length - 2 }, () => expect.anything()),
    { outcome: 'dead-lettered', reason: 'DepotRefused' },
    { outcome: 'replayed', reason: 'DepotRefused' },
    { outcome: 'dead-lettered', reason: 'DepotRefused', attempt: 1 },
  ]);
  await destination.faults.mode('ok');
  expect(await replay('--parked')).toMatchObject({ code: 0 });
  await vi.waitFor(() => expect(standIns.placeOf(story)).toBe('north'), patience);
  await service.stop();

  const isOfFile = (row: Row) => row.Url !== undefined || row.OperationId === letter?.traceId;
  const requests = insights.rows('AppRequests').filter(({ Name }) => /parcels/.test(String(Name)));
  const ofStory = (row: Row) => propertyOf(row, 'parcelId') === story || propertyOf(row, 'messageId') === story;
  const events = insights.rows('AppEvents').filter(ofStory);
  const traces = insights.rows('AppTraces').filter(ofStory);
  const dependencies = insights.rows('AppDependencies').filter(isOfFile);
  const exceptions = insights.rows('AppExceptions');
  // The request, at least three deliveries, and those of the two replays; what they sent and called.
  expect(requests.length).toBeGreaterThanOrEqual(6);
  expect(new Set(dependencies.map(({ Name }) => Name))).toEqual(new Set(['send parcels', 'POST /north']));
  const names = events.map(({ Name }) => Name);
  expect(names.filter((name) => name === 'message.replayed')).toHaveLength(2);
  expect(names).toContain('parcels.delivered');
  for (const step of ['queued', 'attempted', 'retried', 'deadLettered', 'completed'])
    expect(names).toContain(`message.${step}`);
  for (const rows of [traces, exceptions]) expect(rows.length).toBeGreaterThanOrEqual(1);
  const all = [...requests, ...dependencies, ...events, ...traces, ...exceptions];
  expect(new Set(all.map(({ OperationId }) => OperationId))).toEqual(new Set([letter?.traceId]));
  for (const row of all) expect(propertyOf(row, 'correlationId'), JSON.stringify(row)).toBe(given.get(story));
  await standIns.stop();
});

test.concurrent('at 1 percent the ids of such messages are still one on message, log lines and events', async () => {
  const standIns = await startStandIns();
  const { insights, destination } = standIns;
  const quiet = { ...config, sampling: { percent: 1 } };
  const keys = Array.from({ length: 6 }, (_, n) => `quiet-${n}`);
  const ids = keys.map((key) => parcelIdOf(key));
  const service = await startService(standIns, { config: quiet });
  const given = await failForGood(standIns, service, keys, 1);
  const letters = await deadLettersOf(standIns);
  expect(letters.map(({ properties }) => properties[property.originalId]).toSorted()).toEqual(ids.toSorted());
  await destination.faults.mode('ok');
  expect(await launchCommand(standIns, { config: quiet, line: 'replay --yes' })).toMatchObject({ code: 0 });
  await vi.waitFor(() => expect(ids.map(standIns.placeOf)).toEqual(ids.map(() => 'north')), patience);
  await service.stop();

  const operations = new Set(insights.rows('AppRequests').map(({ OperationId }) => OperationId));
  expect(operations.size).toBeLessThan(keys.length); // it does sample
  for (const { properties, correlationId, traceId } of letters) {
    const key = String(properties[property.originalId]);
    expect(correlationId).toBe(given.get(key));
    const ofFile = (row: Row) => propertyOf(row, 'parcelId') === key || propertyOf(row, 'messageId') === key;
    const [events, lines] = [insights.rows('AppEvents').filter(ofFile), insights.rows('AppTraces').filter(ofFile)];
    const names = events.map(({ Name }) => Name);
    for (const name of ['parcels.accepted', 'message.replayed', 'parcels.delivered']) {
      expect(names).toContain(name);
    }
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const row of [...events, ...lines]) {
      expect([row.OperationId, propertyOf(row, 'correlationId')]).toEqual([traceId, correlationId]);
    }
  }
  await standIns.stop();
});
