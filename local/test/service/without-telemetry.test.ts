import { afterAll, beforeAll, expect, test } from 'vitest';
import { parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

let standIns: StandIns;

beforeAll(async () => {
  standIns = await startStandIns();
});
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

test('without a connection string the service serves and says once that nothing is shipped', async () => {
  const service = await startService(standIns, { env: { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined } });
  expect(await postParcel(service, { key: 'unwatched' })).toMatchObject({ status: 202 });
  await standIns.settled();
  expect(standIns.placeOf(parcelIdOf('unwatched'))).toBe('north');
  expect(await service.stop()).toEqual({ code: 0, signal: null });

  const told = service.lines().filter((line) => JSON.stringify(line).includes('APPLICATIONINSIGHTS_CONNECTION_STRING'));
  expect(told).toEqual([
    expect.objectContaining({ severity: 'info', message: expect.stringContaining('no telemetry') }),
  ]);
  // Context is there all the same.
  expect(service.lines('parcel queued')).toEqual([
    expect.objectContaining({ traceId: expect.stringMatching(/^[\da-f]{32}$/) }),
  ]);
  expect(standIns.insights.faults.state().items.received).toBe(0);
});

test('with an endpoint for telemetry that is down the service serves, says so and ends in time', async () => {
  await standIns.insights.faults.mode('down');
  const service = await startService(standIns, { env: { SHUTDOWN_GRACE_MS: '2000' } });
  expect(await postParcel(service, { key: 'unheard' })).toMatchObject({ status: 202 });
  await standIns.settled();
  expect(standIns.placeOf(parcelIdOf('unheard'))).toBe('north');
  expect(await fetch(`${service.url}/health/ready`).then(({ status }) => status)).toBe(200);

  const startedAt = performance.now();
  expect(await service.stop()).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(service.lines('telemetry has a problem')).toEqual([
    expect.objectContaining({ severity: 'warning', problem: expect.stringContaining('telemetry was not delivered') }),
  ]);
});
