import { createHash } from 'node:crypto';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { inParallel } from '../service/in-parallel.ts';
import { type Answer, parcelIdOf, postParcel } from '../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../service/running-service.ts';
import { type StandIns, startStandIns } from '../service/stand-ins.ts';

interface Rung {
  level: number;
  standIns: StandIns;
  service: RunningService;
  answers: Answer[];
}

const levels = [1, 2, 3];
const count = 300;
/** Of each thirty one has no depot of its own, one names a depot that does not exist, one repeats the one before it. */
const parcels = Array.from({ length: count }, (_, n) => {
  const depot = { 7: 'nowhere', 13: 'moon' }[n % 30] ?? (n % 3 === 0 ? 'south' : 'north');
  return {
    key: `parcel-${n % 30 === 20 ? n - 1 : n}`,
    depot: n % 30 === 20 ? 'north' : depot,
    content: `of ${n % 30 === 20 ? n - 1 : n}`,
  };
});
/** From a sender who writes what no handler can read. */
const poison = Array.from({ length: 5 }, (_, n) => `poison-${n}`);
let rungs: Rung[] = [];

async function climb(level: number): Promise<Rung> {
  const standIns = await startStandIns();
  const { destination, serviceBus, business, settled } = standIns;
  // One in five calls fails, so that many messages need more than one attempt, and none needs ten.
  await destination.faults.mode('flaky', { share: 0.2, seed: 3 });
  const service = await startService(standIns, { config: { level, retry: { firstDelaySeconds: 1 } } });
  const answers: Answer[] = [];
  const posts = parcels.map((parcel, index) => ({ parcel, index }));
  // The repeats follow when their firsts have been answered.
  for (const repeats of [false, true])
    await inParallel(
      posts.filter(({ index }) => (index % 30 === 20) === repeats),
      10,
      async ({ parcel, index }) => {
        answers[index] = await postParcel(service, parcel);
      },
    );
  const client = new ServiceBusClient(serviceBus.connectionString);
  await client
    .createSender(business.queue)
    .sendMessages(poison.map((messageId) => ({ messageId, body: 'unreadable' })));
  await client.close();
  await settled(60_000);
  return { level, standIns, service, answers };
}

beforeAll(async () => {
  rungs = await Promise.all(levels.map(climb));
}, 180_000);
afterAll(async () => {
  await endServices();
  await Promise.all(rungs.map(({ standIns }) => standIns.stop()));
});

const rung = (level: number) => rungs.find((one) => one.level === level) as Rung;
/** Every place by the id of its message: a destination with the hash of what arrived, or the dead-letter queue. */
const placesOf = ({ standIns: { destination, deadLettered } }: Rung) =>
  new Map([
    ...destination.ledger.entries().map(({ key, destination: at, sha256 }) => [key, `${at} ${sha256}`] as const),
    ...[...deadLettered().keys()].map((id) => [id, 'dead-letter queue'] as const),
  ]);

test('the answers of 300 requests are the same at every level', () => {
  const shown = ({ answers }: Rung) => answers.map(({ status, body }) => ({ status, body }));
  expect(shown(rung(1)).filter(({ status }) => status === 202)).toHaveLength(count - count / 30);
  for (const level of levels) expect(shown(rung(level)), `level ${level}`).toEqual(shown(rung(1)));
});

test('the final places are the same at every level, and those that were asked for', () => {
  const hash = (content: string) => createHash('sha256').update(content).digest('hex');
  const accepted = parcels.filter(({ depot }) => depot !== 'moon');
  const expected = new Map([
    ...accepted.map(({ key, depot, content }) => {
      const place = depot === 'nowhere' ? 'dead-letter queue' : `${depot} ${hash(content)}`;
      return [parcelIdOf(key, content), place] as const;
    }),
    ...poison.map((id) => [id, 'dead-letter queue'] as const),
  ]);
  for (const one of rungs) expect(placesOf(one), `level ${one.level}`).toEqual(expected);
  for (const { standIns } of rungs) {
    const { destinations } = standIns.destination.faults.state() as {
      destinations: Record<string, { answers: Record<string, number> }>;
    };
    const refused = Object.values(destinations).reduce((sum, { answers }) => sum + (answers[503] ?? 0), 0);
    expect(refused).toBeGreaterThan(30);
  }
});

describe('of the signals', () => {
  const isHttp = ({ Name }: Row) => /^(GET|POST) /.test(String(Name));
  /** The tables, routes, events, metrics, and the properties that every log line has. */
  const kindsOf = ({ standIns: { insights } }: Rung): Set<string> => {
    const names = (table: string, where: (row: Row) => boolean = () => true) =>
      insights
        .rows(table)
        .filter(where)
        .map(({ Type, Name }) => `${Type} ${Name}`);
    const tables = ['AppRequests', 'AppDependencies', 'AppTraces', 'AppExceptions', 'AppEvents', 'AppMetrics'];
    const lines = insights.rows('AppTraces').map(({ Properties }) => Object.keys(Object(Properties)));
    const onAll = (lines[0] ?? []).filter((key) => lines.every((keys) => keys.includes(key)));
    return new Set([
      ...tables.filter((table) => insights.rows(table).length > 0),
      ...names('AppRequests', isHttp),
      ...names('AppEvents'),
      ...names('AppMetrics'),
      ...onAll.map((key) => `property ${key}`),
    ]);
  };

  test('the kinds only grow from level to level', async () => {
    for (const { service } of rungs) await service.stop();
    const [first, second, third] = levels.map((level) => kindsOf(rung(level)));
    expect([...(first ?? [])].filter((kind) => !second?.has(kind))).toEqual([]);
    expect([...(second ?? [])].filter((kind) => !third?.has(kind))).toEqual([]);
    expect(first).toContain('AppRequests POST /parcels');
    expect(third?.size).toBeGreaterThan(first?.size ?? 0);
    expect(third).toContain('AppEvents message.deadLettered');
    expect(third).toContain('AppMetrics servicebus.messages.active');
  });

  test('level 3 tells the life of every message that failed: queued, attempted and dead-lettered, with its age', async () => {
    const { insights } = rung(3).standIns;
    const lost = parcels.filter(({ depot }) => depot === 'nowhere').map(({ key, content }) => parcelIdOf(key, content));
    await vi.waitFor(() => expect(insights.rows('AppEvents').length).toBeGreaterThan(count), { timeout: 15_000 });
    for (const id of lost) {
      const events = insights.rows('AppEvents').filter(({ Properties }) => Object(Properties).messageId === id);
      const steps = events.map(({ Name }) => Name).filter((name) => String(name).startsWith('message.'));
      expect(steps).toEqual(expect.arrayContaining(['message.queued', 'message.attempted', 'message.deadLettered']));
      const end = events.find(({ Name }) => Name === 'message.deadLettered');
      expect(end?.Measurements).toMatchObject({ attempt: 1, ageMs: expect.any(Number) });
    }
  });
});
