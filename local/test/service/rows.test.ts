import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

const hidden = 'hidden-content';
let standIns: StandIns;
let service: RunningService;

beforeAll(async () => {
  standIns = await startStandIns();
  service = await startService(standIns);
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

/** Requests name themselves in their query, of which names stay and values go. */
const marked = (path: string, mark: string) => `${path}?${mark}=hidden-value`;
const theRequest = async (mark: string): Promise<Row> => {
  const [row] = await standIns.rows('AppRequests', ({ Url }) => String(Url).includes(`?${mark}=`));
  return row as Row;
};
const theLine = async (message: string, parcelId: string): Promise<Row> => {
  const isIt = ({ Message, Properties }: Row) =>
    Message === message && (Properties as { parcelId?: string }).parcelId === parcelId;
  const [row] = await standIns.rows('AppTraces', isIt);
  return row as Row;
};

test('a parcel is one request row, named by its route, and what is logged meanwhile has its operation id', async () => {
  await postParcel(service, { key: 'one', content: hidden }, marked('/parcels', 'one'));
  const request = await theRequest('one');
  expect(request).toMatchObject({
    Name: 'POST /parcels',
    OperationName: 'POST /parcels',
    ResultCode: '202',
    Success: true,
    Url: `${service.url}/parcels?one=REDACTED`,
    ItemCount: 1,
  });
  const line = await theLine('parcel queued', parcelIdOf('one', hidden));
  expect(line).toMatchObject({ OperationId: request.OperationId, ParentId: request.Id });
  expect(service.lines('parcel queued')).toEqual([
    expect.objectContaining({ parcelId: parcelIdOf('one', hidden), traceId: request.OperationId, spanId: request.Id }),
  ]);
});

test('each delivery is one dependency row, with the destination and its answer', async () => {
  await postParcel(service, { key: 'two', depot: 'south' }, marked('/parcels', 'two'));
  const [row] = await standIns.rows('AppDependencies', ({ Data }) => Data === `${standIns.destination.url}/south`);
  expect(row).toMatchObject({ Name: 'POST /south', DependencyType: 'Http', ResultCode: '201', Success: true });
});

test.each([
  [400, '/parcels', { depot: 'unknown' }, 'POST /parcels'],
  [404, '/nothing/here', {}, 'POST (no route)'],
  // Refused before it gets to a route.
  [413, '/parcels', { content: 'x'.repeat(192 * 1024) }, expect.stringMatching(/^POST /)],
])('a %i is one request row, failed', async (status, path, file, name) => {
  expect(await postParcel(service, file, marked(path, `refused-${status}`))).toMatchObject({ status });
  expect(await theRequest(`refused-${status}`)).toMatchObject({
    Name: name,
    ResultCode: String(status),
    Success: false,
  });
});

test('health probes leave no row', async () => {
  for (const path of ['/health/live', '/health/ready', '/health/details']) {
    expect(await fetch(service.url + path).then(({ status }) => status), path).toBe(200);
  }
  // Rows come in the order of their requests: with this one there, theirs would be too.
  await postParcel(service, { key: 'three' }, marked('/parcels', 'three'));
  await theRequest('three');
  expect(everything()).not.toContain('/health');
});

test('query values and what a message holds are in no row and in no line', () => {
  expect(everything()).toContain('REDACTED');
  expect(everything()).not.toMatch(/hidden-(value|content)/);
  expect(service.output()).not.toMatch(/hidden-(value|content)/);
});

test('what telemetry does for its own sake is in no row', () => {
  for (const own of ['/v2.1/track', '169.254.169.254', 'applicationinsights', 'sdk.monitor']) {
    expect(JSON.stringify(standIns.insights.rows('AppDependencies'))).not.toContain(own);
  }
  expect(standIns.insights.rows('AppExceptions')).toEqual([]);
});

test('when all is said, there is a row for each request and each delivery, and no more', async () => {
  await standIns.settled();
  await service.stop();
  const { insights, destination } = standIns;
  const urls = insights.rows('AppRequests').flatMap(({ Url }) => (Url ? [new URL(String(Url)).search] : []));
  const marks = ['one', 'two', 'three', 'refused-400', 'refused-404', 'refused-413'];
  expect(urls.toSorted()).toEqual(marks.map((mark) => `?${mark}=REDACTED`).toSorted());
  const calls = insights.rows('AppDependencies').filter(({ DependencyType }) => DependencyType === 'Http');
  expect(calls.map(({ Data }) => Data).toSorted()).toEqual(
    ['north', 'north', 'south'].map((name) => `${destination.url}/${name}`),
  );
});

function everything(): string {
  const { insights } = standIns;
  return JSON.stringify(Object.keys(insights.tables()).map((table) => insights.rows(table)));
}
