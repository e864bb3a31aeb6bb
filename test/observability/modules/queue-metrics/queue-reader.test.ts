import { expect, onTestFinished, test, vi } from 'vitest';
import type { QueueReading } from '../../../../src/observability/modules/queue-metrics/queue-instruments.ts';
import { startQueueReader } from '../../../../src/observability/modules/queue-metrics/queue-reader.ts';
import type { Messaging, ReceivedMessage } from '../../../../src/platform/messaging.ts';
import { recordingLog } from '../../../platform/service-bus/recording-log.ts';

const source = { name: 'parcels', queue: 'parcels', lockDurationMs: 60_000, maxDeliveryCount: 10 };
const now = new Date('2026-11-29T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const waiting = (seconds: number, more: object = {}) =>
  ({ state: 'active', enqueuedTimeUtc: ago(seconds), ...more }) as unknown as ReceivedMessage;

/** A reader of one source that never rests for long. `counts` and `peek` may be changed while it runs. */
function started(broker: { counts(): Promise<QueueReading>; peek(): Promise<readonly ReceivedMessage[]> }) {
  const { log, lines, messages } = recordingLog();
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const readings: QueueReading[] = [];
  const messaging: Pick<Messaging, 'sources' | 'stopping' | 'peek'> = {
    sources: [source],
    stopping: ending.signal,
    peek: async (_source, _maxMessages, page) => (page ? [] : broker.peek()),
  };
  const show = (_: unknown, reading: QueueReading) => void readings.push(reading);
  startQueueReader({ messaging, readCounts: () => broker.counts(), show, clock: { now: () => now }, log, everyMs: 1 });
  const next = async () => {
    const before = readings.length;
    await vi.waitFor(() => expect(readings.length).toBeGreaterThan(before + 1));
    return readings.at(-1);
  };
  return { next, lines, messages };
}

test('the age is that of the oldest message, since the broker first accepted it', async () => {
  const copied = waiting(1, { applicationProperties: { 'obs-first-enqueued-at': ago(90).toISOString() } });
  const peek = async () => [waiting(30), copied, waiting(60)];
  const { next } = started({ counts: async () => ({ active: 3 }), peek });
  expect(await next()).toEqual({ active: 3, oldestAge: 90 });
});

test('deferred and scheduled messages are left out, and an empty queue has the age 0', async () => {
  const broker = { counts: async () => ({}), peek: async () => [waiting(500, { state: 'deferred' }), waiting(7)] };
  const { next } = started(broker);
  expect(await next()).toEqual({ oldestAge: 7 });
  broker.peek = async () => [waiting(500, { state: 'scheduled' })];
  expect(await next()).toEqual({ oldestAge: 0 });
});

test('the age is unknown while so many scheduled messages come first that no other is seen', async () => {
  const peek = async () => Array.from({ length: 50 }, () => waiting(5, { state: 'scheduled' }));
  const { next } = started({ counts: async () => ({}), peek });
  expect((await next())?.oldestAge).toBeUndefined();
});

test('without the role the reader says once which one to assign, and goes on with what it may read', async () => {
  const broker = {
    counts: (): Promise<QueueReading> => Promise.reject(Object.assign(new Error('no'), { statusCode: 401 })),
    peek: async () => [waiting(7)],
  };
  const { next, lines, messages } = started(broker);
  expect(await next()).toEqual({ oldestAge: 7 });
  await next();
  expect(messages()).toEqual(['a queue cannot be read']);
  const { why } = lines[0]?.fields ?? {};
  expect(why).toContain('Azure Service Bus Data Owner');
  expect(why).toContain('QUEUE_READER_CLIENT_ID');
  broker.counts = async () => ({ active: 1 });
  await vi.waitFor(() => expect(messages()).toEqual(['a queue cannot be read', 'a queue can be read again']));
});

test('a broker that does not answer is no matter of roles', async () => {
  const refused = () => Promise.reject(new Error('connect ECONNREFUSED'));
  const { next, lines } = started({ counts: refused, peek: refused });
  expect(await next()).toEqual({ oldestAge: undefined });
  expect(lines.map(({ fields }) => fields)).toMatchObject([
    { what: 'counts', why: 'the next round tries again' },
    { what: 'messages', why: 'the next round tries again' },
  ]);
});
