import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApplicationInsights, startApplicationInsights } from '../../../../application-insights/index.ts';
import { startService, type TestedService } from '../tested-service/start-service.ts';

let insights: ApplicationInsights;
let service: TestedService;

beforeAll(async () => {
  insights = await startApplicationInsights();
  service = await startService({ level: 1, connectionString: insights.connectionString });
});

afterAll(async () => {
  await service?.stop();
  await insights?.stop();
});

const say = (message: string, fields = {}) => service.send('POST', '/log', { body: { message, fields } });
const linesWith = (text: string) => service.lines().filter(({ message }) => message === text);
const delivered = (text: string) =>
  vi.waitFor(() => expect(insights.rows('AppTraces').some(({ Message }) => Message === text)).toBe(true), 10_000);

test('a line that telemetry cannot deliver is written to standard output, once, with its trace and fields', async () => {
  await insights.faults.mode('402');
  await say('refused', { fileId: 'f-1', order: { items: 2 } });
  await vi.waitFor(() => expect(linesWith('refused')).toHaveLength(1), 10_000);
  expect(linesWith('refused')[0]).toMatchObject({
    severity: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'tested',
    version: '1.2.3',
    traceId: expect.stringMatching(/^[\da-f]{32}$/),
    spanId: expect.stringMatching(/^[\da-f]{16}$/),
    fileId: 'f-1',
    'order.items': '2',
  });
});

test('while telemetry fails, lines are written at once and not again when their batch fails', async () => {
  await say('at once');
  expect(linesWith('at once')).toHaveLength(1);
  const refusals = () => insights.faults.state().answers['402'] ?? 0;
  const before = refusals();
  await vi.waitFor(() => expect(refusals()).toBeGreaterThan(before + 1), 10_000);
  expect(linesWith('at once')).toHaveLength(1);
});

test('the outage is told once, as a line like any other and as part of no request', () => {
  expect(linesWith('telemetry has a problem')).toEqual([
    expect.objectContaining({
      severity: 'error',
      problem: 'telemetry was not delivered: answered with 402 Quota exceeded',
    }),
  ]);
  expect(linesWith('telemetry has a problem')[0]).not.toHaveProperty('traceId');
});

test('when telemetry delivers again, lines stay off standard output', async () => {
  await insights.faults.mode('ok');
  let turn = 0;
  await vi.waitFor(async () => {
    const text = `after the outage ${++turn}`;
    await say(text);
    await delivered(text);
    expect(linesWith(text)).toEqual([]);
  }, 10_000);
});

test('of a batch accepted in part only the refused lines are written', async () => {
  await insights.faults.mode('206', { share: 0.5 });
  const messages = Array.from({ length: 20 }, (_, index) => `part ${index}`);
  for (const message of messages) await say(message);
  const isDelivered = (text: string) => insights.rows('AppTraces').some(({ Message }) => Message === text);
  await vi.waitFor(() => {
    for (const message of messages) expect(Number(isDelivered(message)) + linesWith(message).length, message).toBe(1);
  }, 10_000);
  expect(messages.some(isDelivered)).toBe(true);
  expect(messages.every(isDelivered)).toBe(false);
});

test('an endpoint that refuses for now holds up the end no longer than it may', async () => {
  await insights.faults.mode('503');
  await say('never delivered');
  const started = performance.now();
  await service.stop();
  // The service gives its modules one second; the exporter alone would try for seven.
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(service.lines().at(-1)).toMatchObject({ message: 'stopped' });
  expect(linesWith('the last telemetry was not delivered')).toHaveLength(1);
});
