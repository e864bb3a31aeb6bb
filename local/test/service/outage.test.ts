import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, type RunningService, startService } from './running-service.ts';
import type { Target } from './socket-guard.fixture.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

// The platform asks for health every ten seconds. An outage that it notices lasts as long as the guard has to watch, so
// both tests look at one service.
const sendTimeoutMs = 1_000;
const watchMs = 20_000;
/** On another platform than a virtual machine, the SDK does not look for one. */
const containerApp = ['NAME', 'REVISION', 'HOSTNAME', 'REPLICA_NAME', 'ENV_DNS_SUFFIX', 'PORT'].map((name) => [
  `CONTAINER_APP_${name}`,
  'guarded',
]);
const targets: Target[] = [];
let standIns: StandIns;
let service: RunningService;
let startedAt: number;

beforeAll(async () => {
  standIns = await startStandIns();
  startedAt = performance.now();
  service = await startService(standIns, {
    env: { ...Object.fromEntries(containerApp), SEND_TIMEOUT_MS: String(sendTimeoutMs) },
    preload: [join(import.meta.dirname, 'socket-guard.fixture.ts')],
    spoke: (target) => targets.push(target as Target),
  });
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

const readiness = () => fetch(`${service.url}/health/ready`).then(({ status }) => status);

test('without its broker the service says so in time, and works again by itself', { timeout: 40_000 }, async () => {
  const { faults } = standIns.serviceBus;
  const patience = { timeout: 15_000, interval: 50 };
  await vi.waitFor(async () => expect(await readiness()).toBe(200), patience);
  expect(await postParcel(service, { key: 'before' })).toMatchObject({ status: 202 });
  await standIns.settled();

  for (const [mode, key] of [
    ['ignore-sends', 'unheard'],
    ['down', 'down-1'],
    ['down', 'down-2'],
  ] as const) {
    await faults.mode(mode);
    const askedAt = performance.now();
    const answer = await postParcel(service, { key });
    expect(performance.now() - askedAt).toBeLessThan(sendTimeoutMs + 500);
    expect(answer).toMatchObject({ status: 503, body: { type: 'queue-unavailable', status: 503 } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const failed = ({ ResultCode, Success }: Record<string, unknown>) => ResultCode === '503' && Success === false;
  expect(await standIns.rows('AppRequests', failed, 3)).toEqual(
    Array(3).fill(expect.objectContaining({ Name: 'POST /parcels' })),
  );
  await vi.waitFor(async () => expect(await readiness()).toBe(503), patience);
  expect(await fetch(`${service.url}/health/live`).then(({ status }) => status)).toBe(200);

  await faults.mode('ok');
  const backAt = performance.now();
  await vi.waitFor(
    async () => expect(await postParcel(service, { key: 'after' })).toMatchObject({ status: 202 }),
    patience,
  );
  expect(performance.now() - backAt).toBeLessThan(3_000);
  await vi.waitFor(() => expect(standIns.placeOf(parcelIdOf('after'))).toBe('north'), patience);
  await vi.waitFor(async () => expect(await readiness()).toBe(200), patience);
  await standIns.settled();
  expect(standIns.destination.ledger.entries().map(({ key }) => key)).toEqual(
    ['before', 'after'].map((key) => parcelIdOf(key)),
  );
  expect(service.child.exitCode).toBeNull();
});

test('until twenty seconds after its start the service has spoken to nobody but this machine', {
  timeout: 30_000,
}, async () => {
  await pause(Math.max(0, startedAt + watchMs - performance.now()));
  expect(targets.filter(({ own }) => !own)).toEqual([]);
  // The guard was there: it has seen the calls that are meant.
  expect(targets).toContainEqual({ how: 'connect', host: '127.0.0.1', own: true });
});
