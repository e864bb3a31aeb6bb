import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../../../application-insights/index.ts';
import { startService, type TestedService } from './tested-service/start-service.ts';

let insights: ApplicationInsights;
let service: TestedService;
const requests = 40;

beforeAll(async () => {
  insights = await startApplicationInsights();
  // Nothing is sent before the end: every row below was delivered by the last flush.
  const settings = {
    level: 3,
    connectionString: insights.connectionString,
    // On a busy machine a request may be slow, and slow ones are all kept.
    sections: { sampling: { percent: 50 }, slo: { latencyMs: 60_000 }, logs: { console: 'all' } },
  };
  service = await startService(settings, { sendEveryMs: 60_000 });
  for (let sent = 0; sent < requests; sent++) await service.send('GET', `/items/${sent}`);
  await service.send('POST', '/events');
  await service.stop();
});

afterAll(() => insights?.stop());

test('an event is a row with text and booleans as properties and numbers as measurements', () => {
  const [event, ...more] = insights.rows('AppEvents').filter(({ Name }) => Name === 'early.happened');
  expect(more).toEqual([]);
  expect(event).toMatchObject({ Properties: { id: 'e-1', ok: 'true' }, Measurements: { bytes: 42 }, ItemCount: 1 });
  expect(event?.Properties).not.toHaveProperty('undeclared');
  expect(event?.OperationId).toMatch(/^[\da-f]{32}$/);
});

test('an event that was defined after the start arrives as well, and without secrets', () => {
  const events = insights.rows('AppEvents').filter(({ Name }) => Name === 'late.happened');
  expect(events).toMatchObject([{ Properties: { id: 'see https://x.test/?sig=REDACTED' } }]);
});

test('a value of the wrong type is left out, so that a column never changes its meaning', () => {
  const [event] = insights.rows('AppEvents').filter(({ Name }) => Name === 'late.mistyped');
  const { correlationId, ...own } = Object(event?.Properties);
  expect(own).toEqual({});
  expect(event?.Measurements).toEqual({});
});

test('at 50 percent a kept request counts for two, and no log line and no event is lost with the others', () => {
  const kept = insights.rows('AppRequests').filter(({ Name }) => Name === 'GET /items/:id');
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(requests);
  expect(new Set(kept.map(({ ItemCount }) => ItemCount))).toEqual(new Set([2]));
  expect(insights.rows('AppTraces').filter(({ Message }) => Message === 'a file is read')).toHaveLength(requests);
});

test('with logs.console at all every line is on standard output too', () => {
  expect(service.lines().filter(({ message }) => message === 'a file is read')).toHaveLength(requests);
});
