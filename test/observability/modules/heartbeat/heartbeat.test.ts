import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { watchEvents } from '../../../../src/observability/events.ts';
import type { Runtime } from '../../../../src/observability/module.ts';
import { setUp } from '../../../../src/observability/modules/heartbeat/index.ts';
import type { HealthReport } from '../../../../src/platform/health.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'Date'] }));
afterEach(() => vi.useRealTimers());

const healthy: HealthReport = { state: 'ready', checks: [{ name: 'telemetry', needed: false, ok: true }] };

/** The module in a service without queues. */
async function start({ stateDir = 'no such folder', health = healthy } = {}) {
  const beats: Record<string, unknown>[] = [];
  const keep = ({ name }: { name: string }, values: object) => void beats.push({ name, ...values });
  onTestFinished(watchEvents(keep));
  const context = { section: { everySeconds: 300 }, service: { version: '1.2.3' }, level: 4, settings: { stateDir } };
  const heartbeat = await setUp({ ...context, log: recordedLog() } as unknown as Parameters<typeof setUp>[0]);
  await heartbeat.start?.({ messaging: undefined, health: () => health } as unknown as Runtime);
  const arrived = (count: number) => vi.waitFor(() => expect(beats).toHaveLength(count));
  return { beats, heartbeat, arrived };
}

test('a replica beats soon after its start and every five minutes from then on', async () => {
  const { beats, arrived } = await start();
  vi.advanceTimersByTime(15_000);
  await arrived(1);
  vi.advanceTimersByTime(2 * 300_000 - 15_000);
  await arrived(3);
  expect(beats[0]).toEqual({
    name: 'heartbeat.beat',
    version: '1.2.3',
    level: 4,
    state: 'ready',
    failing: '',
    paused: '',
    unread: '',
    storedBatches: 0,
  });
});

test('a heartbeat names the checks that fail', async () => {
  const checks = [
    { name: 'telemetry', needed: false, ok: false },
    { name: 'service-bus-send', needed: true, ok: true },
    { name: 'dependencies', needed: false, ok: false },
  ];
  const { beats, arrived } = await start({ health: { state: 'ready', checks } });
  vi.advanceTimersByTime(15_000);
  await arrived(1);
  expect(beats[0]).toMatchObject({ failing: 'telemetry,dependencies' });
});

test('a heartbeat counts the batches that the exporter has stored', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'heartbeat-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const folder = join(stateDir, 'Microsoft-AzureMonitor-x', 'nodejs');
  mkdirSync(folder, { recursive: true });
  for (const name of ['1.ai.json', '2.ai.json', 'other.txt']) writeFileSync(join(folder, name), '');
  const { beats, arrived } = await start({ stateDir });
  vi.advanceTimersByTime(15_000);
  await arrived(1);
  expect(beats[0]).toMatchObject({ storedBatches: 2 });
});

test('a replica that stops says so once, and beats no more', async () => {
  const { beats, heartbeat } = await start();
  await heartbeat.stop?.(new AbortController().signal);
  await heartbeat.stop?.(new AbortController().signal);
  vi.advanceTimersByTime(600_000);
  expect(beats).toEqual([{ name: 'heartbeat.ended', version: '1.2.3', level: 4 }]);
});
