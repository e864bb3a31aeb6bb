import { expect, test } from 'vitest';
import { examine } from './examine.ts';
import { nowhere, startStandIn } from './stand-in.ts';

const healthy = { state: 'ready', checks: [{ name: 'telemetry', needed: false, ok: true }] };

/** Examines a service that answers so. */
async function examineHealth({ ready = 200, details = 200, health = healthy as object, date = new Date() }) {
  const url = await startStandIn((request, response) => {
    const isReady = request.url === '/health/ready';
    response.writeHead(isReady ? ready : details, { date: date.toUTCString() });
    response.end(JSON.stringify(isReady ? { status: 'word' } : health));
  });
  return { url, ...(await examine({ argv: ['--json', '--url', url] })) };
}

test('a healthy service is no finding', async () => {
  const { codes, report } = await examineHealth({});
  expect(codes).toEqual([]);
  expect(report?.notChecked.filter(({ code }) => /service-(un|not)|health|clock/.test(code))).toEqual([]);
});

test('service-unreachable: it does not answer, and its health is not checked', async () => {
  const { codes, report } = await examine({ argv: ['--json', '--url', await nowhere()] });
  expect(codes).toEqual(['service-unreachable']);
  expect(report?.notChecked).toContainEqual({
    code: 'health-check-failing',
    reason: 'a finding above stands in the way',
  });
});

test('service-not-ready: it answers 503', async () => {
  const { report, url } = await examineHealth({ ready: 503 });
  expect(report?.findings).toEqual([
    expect.objectContaining({ code: 'service-not-ready', what: `${url} answered with 503: {"status":"word"}` }),
  ]);
});

test('health-check-failing: each failing check is told with its reason', async () => {
  const checks = [
    { name: 'service-bus-send', needed: true, ok: false, reason: 'no answer within 3000 ms' },
    { name: 'telemetry', needed: false, ok: true },
    { name: 'depot', needed: false, ok: false, reason: 'down' },
  ];
  const { report } = await examineHealth({ health: { state: 'ready', checks } });
  expect(report?.findings).toEqual([
    expect.objectContaining({
      code: 'health-check-failing',
      what: 'service-bus-send: no answer within 3000 ms\ndepot: down',
    }),
  ]);
});

test('a service that shows no details is checked without them, and the report says so', async () => {
  const { codes, report } = await examineHealth({ details: 401 });
  expect(codes).toEqual([]);
  expect(report?.notChecked).toContainEqual({
    code: 'health-check-failing',
    reason: '/health/details answered with 401: it needs a token',
  });
});

test('clock-off: without an ingestion endpoint the service tells the time', async () => {
  const { codes } = await examineHealth({ date: new Date(Date.now() - 600_000) });
  expect(codes).toEqual(['clock-off']);
});
