import { afterAll, beforeAll, expect, test } from 'vitest';
import { traceId } from '../../../../../test/observability/modules/keep-failures/held-back.fixture.ts';
import type { Row } from '../../../../application-insights/index.ts';
import { parcelIdOf, postParcel } from '../../../service/post-parcel.ts';
import { endServices, type RunningService, startService } from '../../../service/running-service.ts';
import { type StandIns, startStandIns } from '../../../service/stand-ins.ts';

/** Each in a trace that the sampler leaves out. */
const left = (nth: number) => traceId({ chosen: false, nth: 2_000 + nth });
const stories = { lost: left(0), retried: left(1), late: left(2), well: left(3) };

let standIns: StandIns;
let service: RunningService;

beforeAll(async () => {
  standIns = await startStandIns();
  service = await startService(standIns, {
    config: {
      level: 3,
      sampling: { percent: 5 },
      slo: { latencyMs: 20_000, messageLatencySeconds: 4 },
      retry: { attempts: 3, firstDelaySeconds: 1 },
    },
  });
  const { faults } = standIns.destination;
  const post = (story: keyof typeof stories, depot: string) =>
    postParcel(service, { depot, key: story, headers: { traceparent: `00-${stories[story]}-b7ad6b7169203331-00` } });
  await post('well', 'north');
  await post('lost', 'nowhere');
  await standIns.settled();
  await faults.mode('slow', { ms: 4_200, destination: 'north' });
  await faults.mode('down', { destination: 'south' });
  await post('late', 'north');
  await post('retried', 'south');
  await standIns.rows('AppEvents', ({ Name }) => Name === 'message.retried');
  await faults.mode('ok');
  await standIns.settled(30_000);
  await service.stop();
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

const rowsOf = (table: string, id: string): Row[] =>
  standIns.insights.rows(table).filter(({ OperationId }) => OperationId === id);
const deliveriesOf = (id: string) => rowsOf('AppRequests', id).filter(({ Name }) => Name === 'process parcels');
/** Calls of a destination; what else a trace does is a send. */
const callsOf = (id: string) => rowsOf('AppDependencies', id).filter(({ DependencyType }) => DependencyType === 'Http');

test('a message in which all is well leaves no row but its events and lines', () => {
  expect([...deliveriesOf(stories.well), ...callsOf(stories.well)]).toEqual([]);
  const names = rowsOf('AppEvents', stories.well).map(({ Name }) => Name);
  expect(names).toEqual(expect.arrayContaining(['message.queued', 'message.attempted', 'message.completed']));
});

test('a message that is given up is stored whole, with its exception, and its events tell when what became of it', () => {
  expect(deliveriesOf(stories.lost)).toMatchObject([
    { Success: false, ItemCount: 1, Properties: { 'message.settlement': 'dead-letter' } },
  ]);
  const correlationId = stories.lost;
  expect(rowsOf('AppExceptions', stories.lost)).toMatchObject([{ ItemCount: 1, Properties: { correlationId } }]);
  const story = rowsOf('AppEvents', stories.lost).filter(({ Name }) => String(Name).startsWith('message.'));
  expect(story.map(({ Name }) => Name).toSorted()).toEqual([
    'message.attempted',
    'message.deadLettered',
    'message.queued',
  ]);
  for (const { ItemCount, Properties, TimeGenerated } of story) {
    expect({ ItemCount, ...Object(Properties) }).toMatchObject({
      ItemCount: 1,
      correlationId,
      messageId: parcelIdOf('lost'),
    });
    expect(TimeGenerated).toMatch(/^\d{4}-.+Z$/);
  }
});

test('a failed attempt is stored whole: its delivery, its call and the copy that it left', () => {
  const [first] = deliveriesOf(stories.retried).filter(({ Success }) => Success === false);
  expect(first).toMatchObject({ ItemCount: 1, Properties: { 'message.settlement': 'later' } });
  const below = rowsOf('AppDependencies', stories.retried).filter(({ ParentId }) => ParentId === first?.Id);
  expect(below.map(({ Name }) => Name)).toEqual(expect.arrayContaining(['POST /south', 'send parcels']));
  expect(new Set(below.map(({ ItemCount }) => ItemCount))).toEqual(new Set([1]));
});

test('a message that took longer than promised is stored whole', () => {
  expect(deliveriesOf(stories.late)).toMatchObject([{ Success: true, ItemCount: 1 }]);
  expect(callsOf(stories.late)).toMatchObject([{ Name: 'POST /north', Success: true, ItemCount: 1 }]);
});
