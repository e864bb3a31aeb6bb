import { afterAll, expect, test, vi } from 'vitest';
import { createSeededShare } from '../../loopback/seeded-share.ts';
import { parcelIdOf, postParcel } from '../service/post-parcel.ts';
import { endServices, startService } from '../service/running-service.ts';
import { startStandIns } from '../service/stand-ins.ts';

afterAll(endServices);

/** Of a destination that fails half of the time: twice, and then it answers. */
const seed = Array.from({ length: 100 }, (_, number) => number).find((number) => {
  const fails = createSeededShare({ share: 0.5, seed: number });
  return fails() && fails() && !fails();
});

test.concurrent.each([1, 2, 3])(
  'at level %i a failure that ends within the immediate redeliveries ends at the destination, without a copy',
  async (level) => {
    const standIns = await startStandIns();
    const { destination, queue } = standIns;
    const service = await startService(standIns, { config: { level } });
    await destination.faults.mode('flaky', { share: 0.5, seed });
    expect(await postParcel(service, { key: 'passing' })).toMatchObject({
      status: 202,
      body: { parcelId: parcelIdOf('passing') },
    });
    let copies = 0;
    await vi.waitFor(
      () => {
        copies = Math.max(copies, queue().counts().scheduled);
        expect(standIns.unsettled().total).toBe(0);
      },
      { timeout: 10_000, interval: 5 },
    );
    expect(destination.faults.state()).toMatchObject({ destinations: { north: { answers: { 503: 2 } } } });
    expect(standIns.placeOf(parcelIdOf('passing'))).toBe('north');
    expect(destination.ledger.totals()).toMatchObject({ entries: 1, deliveries: 1 });
    expect({ copies, deadLettered: [...standIns.deadLettered()] }).toEqual({ copies: 0, deadLettered: [] });
    await service.kill();
    await standIns.stop();
  },
);
