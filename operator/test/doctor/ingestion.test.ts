import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { examine } from './examine.ts';
import { nowhere, startStandIn } from './stand-in.ts';

const key = '11111111-2222-3333-4444-555555555555';
const minutes = (count: number) => new Date(Date.now() + count * 60_000).toUTCString();

/** An answer as the ingestion endpoint of Azure gives it. */
const answer = (statusCode: number, message: string) => ({
  itemsReceived: 1,
  itemsAccepted: 0,
  errors: [{ index: 0, statusCode, message }],
});
const accepted = { itemsReceived: 1, itemsAccepted: 1, errors: [] };

const examineAt = (endpoint: string) =>
  examine({
    env: { APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${key};IngestionEndpoint=${endpoint}/` },
  });

async function examineAnswer(status: number, body: object, headers: Record<string, string> = {}) {
  const asked: { url: string | undefined; items: unknown }[] = [];
  const endpoint = await startStandIn(async (request, response) => {
    asked.push({ url: request.url, items: JSON.parse(await text(request)) });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  return { ...(await examineAt(endpoint)), endpoint, asked };
}

test('an endpoint that accepts the event is no finding', async () => {
  const { codes, report } = await examineAnswer(200, accepted);
  expect(codes).toEqual([]);
  const unchecked = report?.notChecked.map(({ code }) => code).filter((code) => /^ingestion|^clock/.test(code));
  expect(unchecked).toEqual([]);
});

test('it gets one event, with the key of the connection string, that rules and dashboards leave out', async () => {
  const { asked } = await examineAnswer(200, accepted);
  expect(asked).toEqual([
    {
      url: '/v2.1/track',
      items: [
        expect.objectContaining({
          iKey: key,
          tags: expect.objectContaining({ 'ai.operation.syntheticSource': 'doctor' }),
          data: { baseType: 'EventData', baseData: { ver: 2, name: 'doctor.asked' } },
        }),
      ],
    },
  ]);
});

test.each([
  ['ingestion-partial', 206, answer(500, 'Internal server error'), ''],
  ['ingestion-refuses', 400, answer(400, 'Invalid instrumentation key'), 'connection string'],
  ['ingestion-unauthorized', 401, answer(401, 'Authentication required'), 'az login'],
  ['ingestion-quota', 402, answer(402, 'Monthly quota exceeded'), 'cost.dailyCapMb'],
  ['ingestion-forbidden', 403, answer(403, 'Forbidden'), '"Monitoring Metrics Publisher"'],
  ['ingestion-throttled', 429, answer(429, 'Too many requests'), 'sampling.percent'],
  ['ingestion-throttled', 439, answer(439, 'Too many requests over an extended time'), 'sampling.percent'],
  ['ingestion-refuses', 503, answer(503, 'Service unavailable'), ''],
])('%s: the answer %i is told with its reason and what to do', async (code, status, body, todo) => {
  const { report, endpoint } = await examineAnswer(status, body);
  const what = `${endpoint}/ answered with ${status} ${body.errors[0]?.message}`;
  expect(report?.findings).toEqual([expect.objectContaining({ code, what, todo: expect.stringContaining(todo) })]);
});

test('ingestion-down: an endpoint that does not answer', async () => {
  const endpoint = await nowhere();
  const { report } = await examineAt(endpoint);
  expect(report?.findings).toEqual([
    expect.objectContaining({
      code: 'ingestion-down',
      what: expect.stringContaining(`${endpoint}/ does not answer: `),
    }),
  ]);
});

test.each([
  [10, ['clock-off']],
  [-10, ['clock-off']],
  [0.5, []],
])('with a server whose clock is %i minutes ahead it finds %j', async (ahead, codes) => {
  expect((await examineAnswer(200, accepted, { date: minutes(ahead) })).codes).toEqual(codes);
});
