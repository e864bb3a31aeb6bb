import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { endServices, type RunningService, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

/** Bytes, because JSON of this size needs about half as much again while it is parsed and written. */
const largest = Buffer.alloc(190 * 1024, 'x');
const agent = new Agent({ keepAlive: false });
let standIns: StandIns;
let service: RunningService;
let peakMb = 0;
let reports = 0;

beforeAll(async () => {
  standIns = await startStandIns();
  service = await startService(standIns, {
    env: { SEND_TIMEOUT_MS: '1000' },
    preload: [join(import.meta.dirname, 'report-memory.preload.ts')],
    spoke(message) {
      ({ peakMb } = message as { peakMb: number });
      reports += 1;
    },
  });
}, 60_000);
afterAll(async () => {
  await endServices();
  await standIns?.stop();
});

/** Not by `fetch`, whose memory for so many bodies at the same time is more than what is measured here. */
const post = (body: Buffer): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': body.length };
    request(`${service.url}/parcel-labels`, { method: 'POST', agent, headers })
      .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
      .on('error', reject)
      .end(body);
  });

/** How often each status was answered to so many requests at the same time. */
async function statuses(count: number, body: Buffer): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const answers = await Promise.all(Array.from({ length: count }, () => post(body)));
  for (const status of answers) counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  return counts;
}

test('while the broker is silent, 1,200 large requests at the same time are refused within 400 MB of memory', {
  timeout: 120_000,
}, async () => {
  await standIns.serviceBus.faults.mode('ignore-sends');
  expect(await statuses(1_200, largest)).toEqual({ 503: 1_200 });
  const told = reports;
  await vi.waitFor(() => expect(reports).toBeGreaterThan(told));
  expect(peakMb).toBeGreaterThan(100);
  expect(peakMb).toBeLessThan(400);
});
