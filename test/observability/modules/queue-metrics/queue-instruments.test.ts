import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, onTestFinished, test } from 'vitest';
import { createQueueInstruments } from '../../../../src/observability/modules/queue-metrics/queue-instruments.ts';
import type { Delivery, Settlement } from '../../../../src/platform/messaging.ts';

const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
const complete: Settlement = { kind: 'complete' };

/** The instruments of one source on the real SDK, with a clock and a state of the consumer that the test sets. */
function measured() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  onTestFinished(async () => {
    metrics.disable();
    await provider.shutdown();
  });
  const state = { now: new Date('2026-11-29T12:00:00Z'), isPaused: false };
  const messaging = { sources: [source], isPaused: () => state.isPaused };
  const instruments = createQueueInstruments({ now: () => state.now });
  instruments.start(messaging);
  const deliver = (message: object, next = async () => complete) =>
    instruments.measure({ message, source } as unknown as Delivery, next);
  /** The values of a metric, by their settlement or else by their source. */
  async function values(name: string): Promise<Record<string, unknown>> {
    exporter.reset();
    await provider.forceFlush();
    const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const found: Record<string, unknown> = {};
    for (const { descriptor, dataPoints } of all)
      for (const { attributes, value } of descriptor.name === name ? dataPoints : [])
        found[String(attributes.settlement ?? attributes.source)] = value;
    return found;
  }
  const ago = (seconds: number) => new Date(state.now.getTime() - seconds * 1000);
  return { state, instruments, deliver, values, ago };
}

test('the time in the queue is counted in seconds, of a scheduled message from the moment when it was due', async () => {
  const { deliver, values, ago } = measured();
  await deliver({ enqueuedTimeUtc: ago(90) });
  await deliver({ enqueuedTimeUtc: ago(90), scheduledEnqueueTimeUtc: ago(10) });
  expect(await values('servicebus.time_in_queue')).toMatchObject({ parcels: { sum: 100, count: 2, max: 90 } });
});

test('a settlement is counted by its kind, and one that failed is not, and is in flight no longer', async () => {
  const { deliver, values } = measured();
  await deliver({});
  await deliver({}, async () => ({ kind: 'dead-letter', reason: 'r', description: 'd' }));
  const failing = deliver({}, async () => {
    expect(await values('servicebus.messages.in_flight')).toEqual({ parcels: 1 });
    throw new Error('The broker did not confirm.');
  });
  await expect(failing).rejects.toThrow('did not confirm');
  expect(await values('servicebus.messages.in_flight')).toEqual({ parcels: 0 });
  await deliver({});
  expect(await values('servicebus.messages.settled')).toEqual({ complete: 1 });
});

test('a reading is shown for three minutes, and what could not be read is not shown', async () => {
  const { state, instruments, values } = measured();
  instruments.show(source, { active: 7, oldestAge: undefined });
  expect(await values('servicebus.messages.active')).toEqual({ parcels: 7 });
  expect(await values('servicebus.oldest_message.age')).toEqual({});
  state.now = new Date(state.now.getTime() + 180_000);
  expect(await values('servicebus.messages.active')).toEqual({});
});

test('a paused consumer is reported as not receiving', async () => {
  const { state, values } = measured();
  expect(await values('servicebus.consumer.receiving')).toEqual({ parcels: 1 });
  state.isPaused = true;
  expect(await values('servicebus.consumer.receiving')).toEqual({ parcels: 0 });
});
