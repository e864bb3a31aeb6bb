import { createHash } from 'node:crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { copyOf } from '../../queued-message.ts';
import type { QueuedMessage } from '../../service-bus/entity/message.ts';
import { inParallel } from '../service/in-parallel.ts';
import { parcelIdOf, postParcel } from '../service/post-parcel.ts';
import { endServices, startService } from '../service/running-service.ts';
import { type StandIns, startStandIns } from '../service/stand-ins.ts';

const patience = { timeout: 15_000, interval: 20 };
const retry = { firstDelaySeconds: 1 };
/** Not tried again at once: the first few become copies with a second attempt, before the breaker puts the rest aside. */
const throttled = { retryAfterSeconds: 1 };
const isCopy = (message: QueuedMessage) => copyOf(message) > 1;
const count = 200;
/** Every twentieth has no depot, so that dead letters are in the game. */
const parcels = Array.from({ length: count }, (_, n) => ({
  key: `parcel-${n}`,
  depot: n % 20 === 0 ? 'nowhere' : 'north',
  content: `content of ${n}`,
}));

afterAll(endServices);

/** Every parcel has come to the end that it has at any level, under its own key and whole. */
function expectAllAtTheirEnd({ destination, deadLettered }: StandIns): void {
  const delivered = parcels.filter(({ depot }) => depot !== 'nowhere');
  const arrived = new Map(destination.ledger.entries().map(({ key, sha256 }) => [key, sha256]));
  const sent = delivered.map(
    ({ key, content }) => [parcelIdOf(key, content), createHash('sha256').update(content).digest('hex')] as const,
  );
  expect(arrived).toEqual(new Map(sent));
  expect(destination.ledger.totals().conflicts).toBe(0);
  const letters = [...deadLettered().keys()];
  expect(letters.toSorted()).toEqual(
    parcels
      .filter(({ depot }) => depot === 'nowhere')
      .map(({ key, content }) => parcelIdOf(key, content))
      .toSorted(),
  );
}

test.concurrent('from level 1 to 2 with 200 messages in flight, which carry no envelope and fail at first: nothing is lost', async () => {
  const standIns = await startStandIns();
  const { destination, queue, unsettled, settled } = standIns;
  await destination.faults.mode('hang');
  // Without telemetry: the SDK's instrumentation would write a Diagnostic-Id, which level 2 reads as an envelope.
  const env = { SHUTDOWN_GRACE_MS: '500', APPLICATIONINSIGHTS_CONNECTION_STRING: undefined };
  const before = await startService(standIns, { config: { level: 1 }, env });
  await inParallel(parcels, 20, async (parcel) => void expect((await postParcel(before, parcel)).status).toBe(202));
  await vi.waitFor(() => expect(unsettled().locked).toBeGreaterThan(0), patience);
  await before.stop();
  expect(unsettled().total).toBeGreaterThan(150);

  await destination.faults.mode('throttle', throttled);
  const after = await startService(standIns, { config: { level: 2, retry } });
  await vi.waitFor(() => expect(after.lines('message attempt failed').length).toBeGreaterThan(0), patience);
  await vi.waitFor(() => expect(queue().peek(0, 1_000).filter(isCopy).length).toBeGreaterThan(5), patience);
  await destination.faults.mode('ok');
  await settled(18_000);
  expectAllAtTheirEnd(standIns);
  await after.kill();
  await standIns.stop();
});

test.concurrent('from level 2 to 1 with 200 messages in flight, many of them copies that wait: nothing is lost', async () => {
  const standIns = await startStandIns();
  const { destination, queue, settled, unsettled } = standIns;
  await destination.faults.mode('throttle', throttled);
  const before = await startService(standIns, { config: { level: 2, retry } });
  await inParallel(parcels, 20, async (parcel) => void expect((await postParcel(before, parcel)).status).toBe(202));
  await vi.waitFor(() => expect(queue().peek(0, 1_000).filter(isCopy).length).toBeGreaterThan(5), patience);
  await before.stop();
  expect(before.lines('message attempt failed').length).toBeGreaterThan(0);
  const copies = queue().peek(0, 1_000).filter(isCopy).length;
  expect(unsettled().total).toBeGreaterThan(150);
  expect(copies).toBeGreaterThan(5);

  await destination.faults.mode('ok');
  const after = await startService(standIns, { config: { level: 1 } });
  await settled(18_000);
  expectAllAtTheirEnd(standIns);
  await after.kill();
  await standIns.stop();
});
