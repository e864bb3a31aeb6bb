import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parcelIdOf, postParcel } from './post-parcel.ts';
import { type Ending, endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

const graceMs = 5_000;
type Outcome = { key: string; status: number } | { key: string; failure: string };

let standIns: StandIns;
let service: RunningService;
let ending: Ending & { afterMs: number };
const outcomes: Outcome[] = [];
/** Without those that the Service Bus SDK makes of its own work. */
const httpRequests = () => standIns.insights.rows('AppRequests').filter(({ Url }) => Url);
const accepted = () => outcomes.filter((outcome) => 'status' in outcome && outcome.status === 202);

beforeAll(async () => {
  standIns = await startStandIns();
  // Slow enough that parcels are in hand at any moment, and quick enough that others are awaited.
  await standIns.destination.faults.mode('slow', { ms: 20 });
  // Spans are not sent in time, and log lines once a second: only the end of the service brings the last of them.
  const env = { OTEL_BSP_SCHEDULE_DELAY: '60000', SHUTDOWN_GRACE_MS: String(graceMs) };
  service = await startService(standIns, { env });
  const callers = Promise.all(Array.from({ length: 16 }, (_, n) => callUntilRefused(service.url, `caller-${n}`)));
  await vi.waitFor(() => expect(accepted().length).toBeGreaterThan(400), { timeout: 30_000, interval: 10 });

  const startedAt = performance.now();
  ending = { ...(await service.stop()), afterMs: performance.now() - startedAt };
  await callers;
}, 60_000);
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

/** Sends parcel after parcel on one connection, as fast as they are answered, until nobody listens any more. */
async function callUntilRefused(url: string, caller: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let n = 0; ; n += 1) {
    const outcome = await post(url, agent, `${caller}-${n}`);
    outcomes.push(outcome);
    if ('failure' in outcome && outcome.failure === 'ECONNREFUSED') break;
  }
  agent.destroy();
}

function post(url: string, agent: Agent, key: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const sent = request(`${url}/parcels`, { method: 'POST', agent, headers }, (response) => {
      const { statusCode: status = 0 } = response;
      response.resume().once('close', () => {
        resolve(response.complete ? { key, status } : { key, failure: 'half an answer' });
      });
    });
    sent.once('error', ({ code = 'no code' }: NodeJS.ErrnoException) => resolve({ key, failure: code }));
    sent.end(JSON.stringify({ depot: 'north', content: key }));
  });
}

describe.skipIf(process.platform === 'win32')('SIGTERM under load', () => {
  test('the service ends by itself, with 0, within its grace period', () => {
    expect(ending).toMatchObject({ code: 0, signal: null });
    expect(ending.afterMs).toBeLessThan(graceMs + 500);
  });

  test('whoever got through was answered with 202', () => {
    const answers = outcomes.filter((outcome) => 'status' in outcome).map(({ status }) => status);
    expect(new Set(answers)).toEqual(new Set([202]));
  });

  test('no request failed but by being refused a connection', () => {
    const failed = outcomes.filter((outcome) => 'failure' in outcome);
    expect(failed.filter(({ failure }) => failure !== 'ECONNREFUSED')).toEqual([]);
  });

  test('a parcel that was not accepted is nowhere', () => {
    const failed = outcomes.filter((outcome) => 'failure' in outcome);
    expect(failed.length).toBeGreaterThan(0);
    for (const { key } of failed) expect(standIns.placeOf(parcelIdOf(key, key)), key).toBeUndefined();
    expect(httpRequests().filter(({ ResultCode }) => ResultCode !== '202')).toEqual([]);
  });

  test('no parcel that was accepted is lost, and no message stays locked', async () => {
    for (const { key } of accepted()) expect(standIns.placeOf(parcelIdOf(key, key)), key).toMatch(/^(north|queue)$/);
    expect(standIns.unsettled()).toEqual({ total: expect.any(Number), locked: 0 });
  });

  test('telemetry up to the last moment has arrived', async () => {
    const { insights, destination } = standIns;
    expect(httpRequests()).toHaveLength(accepted().length);
    const messages = (message: string) => insights.rows('AppTraces').filter(({ Message }) => Message === message);
    expect(messages('parcel queued')).toHaveLength(accepted().length);
    expect(messages('parcel delivered')).toHaveLength(destination.ledger.totals().deliveries);
    expect(messages('stopping')).toHaveLength(1);
  });

  test('parcels that hang at their destination are given back in time', async () => {
    await standIns.destination.faults.mode('hang');
    const stuck = await startService(standIns, { env: { SHUTDOWN_GRACE_MS: '1500' } });
    for (let n = 0; n < 16; n += 1) await postParcel(stuck, { key: `hangs-${n}` });
    await vi.waitFor(() => expect(standIns.unsettled().locked).toBe(16), { timeout: 10_000, interval: 10 });
    const { total } = standIns.unsettled();
    const startedAt = performance.now();
    expect(await stuck.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(standIns.unsettled()).toEqual({ total, locked: 0 });
  });
});
