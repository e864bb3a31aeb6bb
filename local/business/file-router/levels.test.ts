import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { endServices, type RunningService, startService } from '../../test/service/running-service.ts';
import { type StandIns, startStandIns } from '../../test/service/stand-ins.ts';
import { type Answer, fileIdOf, postFile } from './post-file.ts';
import { accepted, type ExampleRequest, refused } from './requests.fixture.ts';
import { sample } from './sample.fixture.ts';

interface Rung {
  level: number;
  standIns: StandIns;
  service: RunningService;
  answers: Map<string, Answer>;
}

/** Sent twice under one key: the repeat of a caller who did not hear the answer. */
const repeated: ExampleRequest = { what: 'a repeat', key: 'text', status: 202, place: 'documents' };
const requests = [...accepted, ...refused, repeated];
const levels = [1, 2, 3];
let rungs: Rung[] = [];

beforeAll(async () => {
  rungs = await Promise.all(
    levels.map(async (level) => {
      const standIns = await startStandIns({ business: sample });
      const service = await startService(standIns, { config: { level } });
      const answers = new Map<string, Answer>();
      for (const request of requests) answers.set(request.what, await postFile(service, request, request.path));
      await standIns.settled();
      return { level, standIns, service, answers };
    }),
  );
});
afterAll(async () => {
  await endServices();
  await Promise.all(rungs.map(({ standIns }) => standIns.stop()));
});

/** What arrives is unpacked. */
const arriving = ({ content = 'content', headers }: ExampleRequest) =>
  headers?.['content-encoding'] ? 'unpacked' : (content as string);
const idOf = (request: ExampleRequest) => fileIdOf(request.key ?? '', arriving(request));

const rung = (level: number) => rungs.find((one) => one.level === level) as Rung;
describe.each(levels)('at level %i', (level) => {
  test.each(refused)('$what is refused with $status and told why', ({ what, status, type }) => {
    const answer = rung(level).answers.get(what);
    expect(answer).toMatchObject({ status, body: { status, type, title: expect.any(String) } });
    expect(answer?.headers.get('content-type')).toBe('application/problem+json');
  });

  test.each([...accepted, repeated])('$what is accepted and gets to: $place', (request) => {
    const { what, status, place } = request;
    const { answers, standIns } = rung(level);
    expect(answers.get(what)).toMatchObject({ status, body: { fileId: idOf(request) } });
    expect(standIns.placeOf(idOf(request))).toBe(place);
  });

  test('every delivered file arrived once and whole, the repeated one too', () => {
    const { ledger } = rung(level).standIns.destination;
    const delivered = accepted.filter(({ place }) => place !== 'dead-letter queue');
    expect(ledger.totals()).toMatchObject({ entries: delivered.length, deliveries: delivered.length, conflicts: 0 });
    for (const request of delivered) {
      const sha256 = createHash('sha256').update(arriving(request)).digest('hex');
      expect(ledger.get(idOf(request))?.sha256, request.key).toBe(sha256);
    }
  });

  test('nothing of a refused file has reached the queue', () => {
    const { standIns } = rung(level);
    const { entries } = standIns.destination.ledger.totals();
    expect(entries + standIns.deadLettered().size).toBe(accepted.length);
  });
});

test('the answers of the levels are equal', () => {
  const shown = ({ answers }: Rung) =>
    [...answers].map(([what, { status, headers, body }]) => [what, status, headers.get('content-type'), body]);
  for (const level of levels) expect(shown(rung(level)), `level ${level}`).toEqual(shown(rung(1)));
});

test('at level 3 the life of a file is told in the events of its message, with typed measurements', async () => {
  const { standIns } = rung(3);
  const ofImage = ({ Properties }: Row) => {
    const { fileId, messageId = fileId } = Properties as { fileId?: string; messageId?: string };
    return messageId === fileIdOf('image');
  };
  const events = await standIns.rows('AppEvents', ofImage, 3);
  const told = events.map(({ Name, Properties, Measurements }) => [Name, Properties, Measurements]);
  const ids = { fileId: fileIdOf('image'), correlationId: expect.stringMatching(/^[0-9a-f]{32}$/) };
  const message = { source: 'files', messageId: ids.fileId, correlationId: ids.correlationId };
  const step = [
    { ...message, sequenceNumber: expect.any(String) },
    { attempt: 1, delivery: 1, ageMs: expect.any(Number) },
  ];
  expect(new Map(told.map(([name, ...rest]) => [name, rest]))).toEqual(
    new Map<unknown, unknown[]>([
      ['message.queued', [message, {}]],
      ['message.attempted', step],
      ['message.completed', step],
    ]),
  );
});

test('at level 3 a file that is given up is told with the reason that the broker keeps', async () => {
  const { standIns } = rung(3);
  const [event] = await standIns.rows('AppEvents', ({ Name }) => Name === 'message.deadLettered');
  expect(event).toMatchObject({
    Properties: { messageId: fileIdOf('nowhere'), reason: standIns.deadLettered().get(fileIdOf('nowhere')) },
    Measurements: { ageMs: expect.any(Number) },
  });
  expect(standIns.deadLettered().get(fileIdOf('nowhere'))).toEqual(expect.any(String));
});
