import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, expect, test, vi } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { postFile } from '../service/post-file.ts';
import { endServices, startService } from '../service/running-service.ts';
import { type StandIns, startStandIns } from '../service/stand-ins.ts';

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
  config: object,
  keys: readonly string[],
  times: number,
): Promise<Map<string, string>> {
  const { destination, queue } = standIns;
  await destination.faults.mode('flaky', { share: 1 });
  const service = await startService(standIns, { config });
  const given = await Promise.all(
    keys.map(async (key) => {
      const { status, headers } = await postFile(service, { key });
      expect(status).toBe(202);
      return [key, headers.get('x-correlation-id') ?? ''] as const;
    }),
  );
  // Each waits as a copy, for its last time at least.
  const waiting = () => queue().peek(0, 1_000);
  const isLater = ({ content }: { content: { messageId: string } }) => Number(content.messageId.split(':')[1]) > times;
  await vi.waitFor(() => {
    expect(waiting()).toHaveLength(keys.length);
    expect(waiting().every(isLater)).toBe(true);
  }, patience);
  await destination.faults.mode('reject');
  await vi.waitFor(() => expect(standIns.deadLettered().size).toBe(keys.length), patience);
  await service.stop();
  return new Map(given);
}

async function deadLettersOf({ serviceBus }: StandIns) {
  const client = new ServiceBusClient(serviceBus.connectionString);
  const letters = await client.createReceiver('files', { subQueueType: 'deadLetter' }).peekMessages(100);
  await client.close();
  return letters.map(({ messageId, correlationId, deadLetterReason, applicationProperties: properties = {} }) => ({
    messageId: String(messageId),
    correlationId,
    deadLetterReason,
    properties,
    traceId: String(properties.traceparent).split('-')[1],
  }));
}

test.concurrent('a file that fails twice, waits, fails for good and is dead-lettered is one operation in all tables', async () => {
  const standIns = await startStandIns();
  const { insights } = standIns;
  const given = await failForGood(standIns, config, ['story'], 2);
  const [letter] = await deadLettersOf(standIns);
  expect(letter).toMatchObject({
    messageId: expect.stringMatching(/^story:\d+$/),
    deadLetterReason: 'DestinationRefused',
    correlationId: given.get('story'),
    properties: { 'file-id': 'story' },
  });
  const history = JSON.parse(String(letter?.properties.history)) as { outcome: string; reason: string }[];
  expect(history[0]).toMatchObject({ outcome: 'retried', reason: 'TransientFailure' });
  expect(history.at(-1)).toMatchObject({ outcome: 'dead-lettered', reason: 'DestinationRefused' });

  const isOfFile = (row: Row) => row.Url !== undefined || row.OperationId === letter?.traceId;
  const requests = insights.rows('AppRequests').filter(({ Name }) => /files/.test(String(Name)));
  const events = insights.rows('AppEvents').filter((row) => propertyOf(row, 'fileId') === 'story');
  const traces = insights.rows('AppTraces').filter((row) => propertyOf(row, 'fileId') === 'story');
  const dependencies = insights.rows('AppDependencies').filter(isOfFile);
  const exceptions = insights.rows('AppExceptions');
  // The request, and each of at least three deliveries; what they sent and called; each with its lines and events.
  expect(requests.length).toBeGreaterThanOrEqual(4);
  expect(dependencies.map(({ Name }) => Name)).toContain('send files');
  for (const rows of [events, traces, exceptions]) expect(rows.length).toBeGreaterThanOrEqual(1);
  const all = [...requests, ...dependencies, ...events, ...traces, ...exceptions];
  expect(new Set(all.map(({ OperationId }) => OperationId))).toEqual(new Set([letter?.traceId]));
  for (const row of all) expect(propertyOf(row, 'correlationId'), JSON.stringify(row)).toBe(given.get('story'));
  await standIns.stop();
});

test.concurrent('at 1 percent the ids of such files are still one on message, log lines and events', async () => {
  const standIns = await startStandIns();
  const { insights } = standIns;
  const keys = Array.from({ length: 6 }, (_, n) => `quiet-${n}`);
  const given = await failForGood(standIns, { ...config, sampling: { percent: 1 } }, keys, 1);
  const letters = await deadLettersOf(standIns);
  expect(letters.map(({ properties }) => properties['file-id']).toSorted()).toEqual(keys);
  const operations = new Set(insights.rows('AppRequests').map(({ OperationId }) => OperationId));
  expect(operations.size).toBeLessThan(keys.length); // it does sample
  for (const { properties, correlationId, traceId } of letters) {
    const key = String(properties['file-id']);
    expect(correlationId).toBe(given.get(key));
    const ofFile = (row: Row) => propertyOf(row, 'fileId') === key;
    const [events, lines] = [insights.rows('AppEvents').filter(ofFile), insights.rows('AppTraces').filter(ofFile)];
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(lines.length).toBeGreaterThanOrEqual(1);
    for (const row of [...events, ...lines]) {
      expect([row.OperationId, propertyOf(row, 'correlationId')]).toEqual([traceId, correlationId]);
    }
  }
  await standIns.stop();
});
