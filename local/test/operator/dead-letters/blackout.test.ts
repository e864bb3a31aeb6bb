import { resolve } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { copyOf } from '../../../queued-message.ts';
import { parcelIdOf, postParcel } from '../../service/post-parcel.ts';
import { endServices, launchService } from '../../service/running-service.ts';
import { startStandIns } from '../../service/stand-ins.ts';
import { launchCommand } from './launch-command.ts';

const tellPort = resolve(import.meta.dirname, '../../service/tell-port.preload.ts');
const env = { OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' };
const patience = { timeout: 18_000, interval: 20 };
const config = { level: 2, retry: { attempts: 2, firstDelaySeconds: 1, factor: 1 } };

interface Story {
  id: string;
  reason: string;
  description: string;
  attempts: number;
  replays: number;
  parked: boolean;
  correlationId: string;
  firstEnqueuedAt: string;
  firstFailure: string;
  deadLetteredAt: string;
  serviceVersion: string;
  history: { time: string; attempt: number; outcome: string; reason: string; host: string }[];
}

afterAll(endServices);

test('with logs off, telemetry off and ingestion down the story of every dead-lettered message is rebuilt from its message', {
  timeout: 60_000,
}, async () => {
  const standIns = await startStandIns();
  const { insights, destination } = standIns;
  await insights.faults.mode('down');
  const port = Promise.withResolvers<number>();
  const service = launchService(standIns, {
    config,
    env,
    preload: [tellPort],
    spoke: (message) => port.resolve((message as { port: number }).port),
  });
  const url = `http://127.0.0.1:${await port.promise}`;
  const begun = new Date().toISOString();
  const correlationIds = new Map<string, string>();
  const post = async (key: string, depot = 'north') => {
    const { status, headers } = await postParcel({ url }, { key, depot });
    expect(status).toBe(202);
    correlationIds.set(key, headers.get('x-correlation-id') ?? '');
  };
  const died = (count: number) => vi.waitFor(() => expect(standIns.deadLettered().size).toBe(count), patience);

  // Before, the destination has answered often enough that one parcel's failures are no outage.
  await Promise.all(Array.from({ length: 20 }, (_, n) => postParcel({ url }, { key: `fine-${n}` })));
  await standIns.settled();
  await destination.faults.mode('reject');
  await Promise.all([post('refused'), post('replayed'), post('unrouted', 'nowhere')]);
  await died(3);
  const replay = `replay --yes --id ${parcelIdOf('replayed')} --actor ann`;
  expect(await launchCommand(standIns, { config, env, line: replay })).toMatchObject({ code: 0 });
  const copies = () => standIns.queue().deadLetters?.peek(0, 10).map(copyOf) ?? [];
  await vi.waitFor(() => expect(copies().toSorted()).toEqual([1, 1, 2]), patience);
  await destination.faults.mode('flaky', { share: 1 });
  await post('unlucky');
  await died(4);
  await service.stop();

  const show = async (key: string): Promise<Story> => {
    const { stdout } = await launchCommand(standIns, { config, env, line: `show ${parcelIdOf(key)} --json` });
    return JSON.parse(stdout);
  };
  const stories = await Promise.all([...correlationIds.keys()].map(async (key) => [key, await show(key)] as const));
  for (const [key, story] of stories) {
    const { id, correlationId, firstEnqueuedAt, firstFailure, deadLetteredAt, history, replays } = story;
    expect([id, correlationId]).toEqual([parcelIdOf(key), correlationIds.get(key)]);
    const queued = replays === 0 ? [firstEnqueuedAt] : []; // a replay starts it anew
    const times = [begun, ...queued, firstFailure, ...history.map(({ time }) => time), new Date().toISOString()];
    expect(times, key).toEqual(times.toSorted());
    expect(deadLetteredAt).toBe(history.at(-1)?.time);
    expect(story.description).toMatch(/^\w+Error: /);
    expect(story.serviceVersion).toMatch(/^\d+\.\d+\.\d+/);
  }
  const told = (key: string) => {
    const { reason, attempts, replays, parked, history } = new Map(stories).get(key) as Story;
    return [
      reason,
      attempts,
      replays,
      parked,
      history.map(({ attempt, outcome, reason: why }) => [attempt, outcome, why]),
    ];
  };
  const refused = [1, 'dead-lettered', 'DepotRefused'];
  expect(told('refused')).toEqual(['DepotRefused', 1, 0, false, [refused]]);
  expect(told('unrouted')).toEqual(['NoDepot', 1, 0, false, [[1, 'dead-lettered', 'NoDepot']]]);
  const replayed = [1, 'replayed', 'DepotRefused'];
  expect(told('replayed')).toEqual(['DepotRefused', 1, 1, true, [refused, replayed, refused]]);
  expect(told('unlucky')).toEqual([
    ...['RetriesExhausted', 2, 0, false],
    [
      [1, 'retried', 'TransientFailure'],
      [2, 'dead-lettered', 'TransientFailure'],
    ],
  ]);
  expect(service.lines().map(({ message }) => message)).not.toContain('parcel queued');
  expect(Object.values(insights.counts()).filter(({ received }) => received > 0)).toEqual([]);
  await standIns.stop();
});
