import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inParallel } from './in-parallel.ts';
import { parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

// Nothing here is about telemetry, which would take half of the processors' time.
const quiet = { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined };
const worker = { env: { ...quiet, SERVICE_ROLES: 'worker' } };
let standIns: StandIns;
let api: RunningService;

beforeAll(async () => {
  // Short locks, so that what a killed worker held comes back soon.
  standIns = await startStandIns({ queue: { lockDuration: 'PT3S' } });
  api = await startService(standIns, { env: { ...quiet, SERVICE_ROLES: 'api' } });
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

test('the role api alone takes parcels and touches none of them', async () => {
  expect(await postParcel(api, { key: 'waits' })).toMatchObject({ status: 202 });
  // Its own links are those that send: nobody could have taken the message meanwhile.
  expect(standIns.unsettled()).toEqual({ total: 1, locked: 0 });
  expect(standIns.placeOf(parcelIdOf('waits'))).toBe('queue');
  expect(await fetch(`${api.url}/health/ready`).then(({ status }) => status)).toBe(200);
});

test('the role worker alone listens for the health probes and knows no other route', async () => {
  const service = await startService(standIns, worker);
  for (const path of ['/health/live', '/health/ready', '/health/details']) {
    expect(await fetch(service.url + path).then(({ status }) => status), path).toBe(200);
  }
  expect(await postParcel(service)).toMatchObject({ status: 404, body: { type: 'not-found' } });
  await standIns.settled();
  expect(standIns.placeOf(parcelIdOf('waits'))).toBe('north');
  expect(await service.stop()).toEqual({ code: 0, signal: null });
});

test('a worker killed in the middle of 2,000 parcels loses none', { timeout: 60_000 }, async () => {
  const { destination, unsettled } = standIns;
  const parcels = Array.from({ length: 2_000 }, (_, n) => ({ key: `parcel-${n}`, content: `content of ${n}` }));
  const hashes = new Map(
    parcels.map(({ key, content }) => [parcelIdOf(key, content), createHash('sha256').update(content).digest('hex')]),
  );
  const arrived = () => destination.ledger.entries().filter(({ key }) => hashes.has(key));
  const victim = await startService(standIns, worker);
  await destination.faults.mode('slow', { ms: 10 }); // it has something in hand at any moment

  const refused: number[] = [];
  const post = inParallel(parcels, 24, async (parcel) => {
    const { status } = await postParcel(api, parcel);
    if (status !== 202) refused.push(status);
  });
  const killAndReplace = async () => {
    await vi.waitFor(() => expect(arrived().length).toBeGreaterThan(300), { timeout: 30_000, interval: 5 });
    expect(await victim.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(unsettled().locked).toBeGreaterThan(0);
    expect(arrived().length).toBeLessThan(2_000);
    await destination.faults.mode('ok');
    await startService(standIns, worker);
  };
  await Promise.all([post, killAndReplace()]);
  await standIns.settled(30_000);

  expect(refused).toEqual([]);
  expect(new Map(arrived().map(({ key, sha256 }) => [key, sha256]))).toEqual(hashes);
  expect(destination.ledger.totals()).toMatchObject({ entries: 2_001, conflicts: 0, dropped: 0 });
  expect([...standIns.deadLettered()]).toEqual([]);
});
