import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { postParcel } from './post-parcel.ts';
import { endServices, startService } from './running-service.ts';
import { startStandIns } from './stand-ins.ts';

afterAll(endServices);

/**
 * The files of `src` that a person reads to follow one request from the route of a business to its handler's call. The
 * files of the business itself are not counted.
 */
const most = { 1: 25, 3: 38 };
const times = [1, 2, 3];

test.each(Object.entries(most))('at level %s a warm message crosses at most %i files of src', async (level, limit) => {
  const standIns = await startStandIns();
  let told: ((files: string[]) => void) | undefined;
  const service = await startService(standIns, {
    config: { level: Number(level) },
    // Batches of telemetry are sent by a timer: what sends and counts them is not on the way either.
    env: { OTEL_BSP_SCHEDULE_DELAY: '60000', OTEL_BLRP_SCHEDULE_DELAY: '60000' },
    preload: [join(import.meta.dirname, 'report-files.preload.ts')],
    spoke: (message) => told?.((message as { files: string[] }).files),
  });
  const filesOfOne = async () => {
    const { body } = await postParcel(service);
    await standIns.settled();
    await sleep(300); // until its spans and links have ended too
    expect(standIns.placeOf(body.parcelId ?? '')).toBe('north');
    return new Promise<string[]>((resolve) => {
      told = resolve;
      service.child.send('files?');
    });
  };
  try {
    for (const _ of times) await filesOfOne();
    const measured: string[][] = [];
    for (const _ of times) measured.push(await filesOfOne());
    // What runs now and then by a timer, such as a health check, is not on the way.
    const [first = [], ...others] = measured;
    const files = first.filter((file) => others.every((other) => other.includes(file)));
    expect(files).toContain('platform/service-bus/handling.ts');
    expect(files.length, files.join('\n')).toBeLessThanOrEqual(limit);
  } finally {
    await service.stop();
    await standIns.stop();
  }
});
