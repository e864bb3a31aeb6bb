import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { type Answer, type ParcelToSend, parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

interface Example extends ParcelToSend {
  what: string;
  path?: string;
  status: number;
  /** Of the problem details, when it is refused. */
  type?: string;
  /** Where an accepted one gets to. */
  place?: string;
}

interface Rung {
  level: number;
  standIns: StandIns;
  service: RunningService;
  answers: Map<string, Answer>;
}

/** Each key stands for one parcel; the repeat is the one of a caller who did not hear the answer. */
const accepted: readonly Example[] = [
  { what: 'a parcel', key: 'plain', status: 202, place: 'north' },
  { what: 'another depot', key: 'far', depot: 'south', content: 'Größe 请 🚀', status: 202, place: 'south' },
  { what: 'a parcel without a depot', key: 'lost', depot: 'nowhere', status: 202, place: 'dead-letter queue' },
  { what: 'a repeat', key: 'plain', status: 202, place: 'north' },
];
const toTheTopic: Example = { what: 'news for the topic', key: 'news', path: '/parcel-events', status: 202 };
const refused: readonly Example[] = [
  { what: 'a body that is no JSON', body: 'no JSON', status: 400 },
  { what: 'an unknown depot', depot: 'moon', status: 400, type: 'bad-request' },
  { what: 'a body that is too large', content: 'x'.repeat(192 * 1024), status: 413, type: 'content-too-large' },
  { what: 'a path that nobody serves', path: '/nothing', status: 404, type: 'not-found' },
];
const requests = [...accepted, toTheTopic, ...refused];
const levels = [1, 2, 3, 4, 5];
let rungs: Rung[] = [];

beforeAll(async () => {
  rungs = await Promise.all(
    levels.map(async (level) => {
      const standIns = await startStandIns({ withSecurityLogs: level === 5 });
      const service = await startService(standIns, { config: { level } });
      const answers = new Map<string, Answer>();
      for (const request of requests) answers.set(request.what, await postParcel(service, request, request.path));
      await standIns.settled();
      return { level, standIns, service, answers };
    }),
  );
});
afterAll(async () => {
  await endServices();
  await Promise.all(rungs.map(({ standIns }) => standIns.stop()));
});

const rung = (level: number) => rungs.find((one) => one.level === level) as Rung;
const idOf = ({ key, content }: Example) => parcelIdOf(key ?? '', content);

describe.each(levels)('at level %i', (level) => {
  test.each(refused)('$what is refused with $status and told why', ({ what, status, type }) => {
    const answer = rung(level).answers.get(what);
    expect(answer).toMatchObject({ status, body: { status, ...(type && { type }), title: expect.any(String) } });
    expect(answer?.headers.get('content-type')).toBe('application/problem+json');
  });

  test.each(accepted)('$what is accepted and gets to: $place', (request) => {
    const { answers, standIns } = rung(level);
    expect(answers.get(request.what)).toMatchObject({ status: request.status, body: { parcelId: idOf(request) } });
    expect(standIns.placeOf(idOf(request))).toBe(request.place);
  });

  test('what was sent to the topic reaches each of its subscriptions once', () => {
    const { answers, standIns } = rung(level);
    const { ledger } = standIns.destination;
    expect(answers.get(toTheTopic.what)).toMatchObject({ status: 202 });
    for (const subscription of ['billing', 'tracking'])
      expect(ledger.get(idOf(toTheTopic), subscription)).toMatchObject({ deliveries: 1 });
  });

  test('every delivered message arrived once and whole, and nothing of a refused one', () => {
    const { ledger } = rung(level).standIns.destination;
    const entries = ledger.entries().map(({ destination, sha256, deliveries }) => [destination, sha256, deliveries]);
    const hash = (content = 'content') => createHash('sha256').update(content).digest('hex');
    expect(entries.toSorted()).toEqual(
      [
        ['north', hash(), 1],
        ['south', hash('Größe 请 🚀'), 1],
        ['billing', hash(), 1],
        ['tracking', hash(), 1],
      ].toSorted(),
    );
    expect(rung(level).standIns.deadLettered().size).toBe(1);
  });
});

test('the answers of the levels are equal', () => {
  const shown = ({ answers }: Rung) =>
    [...answers].map(([what, { status, headers, body }]) => [what, status, headers.get('content-type'), body]);
  for (const level of levels) expect(shown(rung(level)), `level ${level}`).toEqual(shown(rung(1)));
});

test('below level 3 there are no custom events', async () => {
  const { standIns, service } = rung(1);
  await standIns.rows('AppRequests', ({ Url }) => Boolean(Url), requests.length);
  await service.stop();
  expect(standIns.insights.rows('AppEvents')).toEqual([]);
});

test('from level 3 on the events of the business are custom events with typed measurements', async () => {
  const { standIns } = rung(3);
  const parcelId = parcelIdOf('far', 'Größe 请 🚀');
  const isOfIt = ({ Name, Properties }: Row) =>
    String(Name).startsWith('parcels.') && (Properties as { parcelId?: string }).parcelId === parcelId;
  const events = await standIns.rows('AppEvents', isOfIt, 4);
  const ids = { parcelId, correlationId: expect.stringMatching(/^[0-9a-f]{32}$/) };
  const told = events.map(({ Name, Properties, Measurements }) => [Name, [Properties, Measurements]] as const);
  expect(Object.fromEntries(told)).toEqual({
    'parcels.accepted': [ids, { bytes: 16 }],
    'parcels.queued': [ids, { durationMs: expect.any(Number) }],
    'parcels.attempted': [ids, { attempt: 1 }],
    'parcels.delivered': [
      { ...ids, depot: 'south' },
      { attempt: 1, bytes: 16, ageMs: expect.any(Number) },
    ],
  });
});

test('from level 3 on a message that is given up is told with the reason that the broker keeps', async () => {
  const { standIns } = rung(3);
  const [event] = await standIns.rows('AppEvents', ({ Name }) => Name === 'parcels.deadLettered');
  const reason = standIns.deadLettered().get(parcelIdOf('lost'));
  expect(reason).toEqual(expect.any(String));
  expect(event).toMatchObject({
    Properties: { parcelId: parcelIdOf('lost'), reason },
    Measurements: { ageMs: expect.any(Number) },
  });
});
