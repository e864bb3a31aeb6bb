import { ServiceBusClient } from '@azure/service-bus';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, describe, expect, type TestContext, test, vi } from 'vitest';
import { createMessageSpans } from '../../../../../src/observability/modules/correlation/message-spans.ts';
import type { ReceivedMessage, ReceiveMiddleware } from '../../../../../src/platform/messaging.ts';
import { inQueue, later, message, startWithBroker } from '../../../platform/service-bus/with-broker.ts';

const exporter = new InMemorySpanExporter();
const now = new Date('2026-03-04T05:06:07.089Z');

function useTracer(sampler?: AlwaysOffSampler) {
  trace.disable();
  context.disable();
  new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler && { sampler }),
  }).register();
}

beforeEach(() => {
  exporter.reset();
  useTracer();
});
afterAll(() => context.disable());

/** Messaging with this module's middlewares, and what its handler received. */
async function start(ends: Pick<TestContext, 'onTestFinished'>, receive: ReceiveMiddleware[] = []) {
  const { around, send } = createMessageSpans({ now: () => now });
  const received: { message: ReceivedMessage; span: string | undefined; trace: string | undefined }[] = [];
  const settled: (string | undefined)[] = [];
  const given = await startWithBroker(ends, {
    around: [around],
    send: [send],
    receive,
    handler: async (message) => {
      const span = trace.getActiveSpan()?.spanContext();
      received.push({ message, span: span?.spanId, trace: span?.traceId });
    },
    business: { settled: () => settled.push(trace.getActiveSpan()?.spanContext().spanId) },
  });
  return { ...given, received, settled };
}

const spans = (kind: SpanKind): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.kind === kind);
const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
const idsOf = (span: ReadableSpan | undefined) => span?.spanContext();

test('a copy for later hangs under the delivery that it copies, and tells the same story', async (ends) => {
  let tries = 0;
  const { service, send, received } = await start(ends, [
    async ({ message }, next) => (tries++ === 0 ? later(message, 2) : next()),
  ]);
  service.start();
  await trace.getTracer('t').startActiveSpan('request', async (request) => {
    await send('parcels', { ...message('f-1'), correlationId: 'order:1', applicationProperties: { 'item-id': 'f-1' } });
    request.end();
  });
  await until(() => expect(received).toHaveLength(1));
  await until(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(2));

  const [first, second] = spans(SpanKind.PRODUCER);
  const [failed, done] = spans(SpanKind.CONSUMER);
  expect(new Set(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(failed?.parentSpanContext?.spanId).toBe(idsOf(first)?.spanId);
  expect(second?.parentSpanContext?.spanId).toBe(idsOf(failed)?.spanId);
  expect(done?.parentSpanContext?.spanId).toBe(idsOf(second)?.spanId);
  expect(failed).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'messaging.servicebus.disposition_status': 'complete', 'message.settlement': 'later' },
  });
  expect(done?.status.code).toBe(SpanStatusCode.UNSET);
  expect(failed?.attributes).not.toHaveProperty(['message.first_enqueued_time']);
  expect(done?.attributes['message.first_enqueued_time']).toBe(Math.floor(now.getTime() / 1000));
  const copy = received[0]?.message;
  expect(copy).toMatchObject({ messageId: 'copy of f-1', correlationId: 'order:1' });
  expect(copy?.applicationProperties).toMatchObject({
    traceparent: `00-${idsOf(second)?.traceId}-${idsOf(second)?.spanId}-01`,
    'Diagnostic-Id': `00-${idsOf(second)?.traceId}-${idsOf(second)?.spanId}-01`,
    'obs-causation-id': 'f-1',
    'obs-original-id': 'f-1',
    'obs-attempt': 2,
    'obs-copy': 2,
    'obs-first-enqueued-at': now.toISOString(),
  });
});

test('a message that is put aside without a try of its own has not failed', async (ends) => {
  let tries = 0;
  const { service, send, received } = await start(ends, [
    async ({ message }, next) => (tries++ === 0 ? later(message, 1) : next()),
  ]);
  service.start();
  await send('parcels', message('f-1'));
  await until(() => expect(received).toHaveLength(1));
  expect(spans(SpanKind.CONSUMER)[0]?.status.code).toBe(SpanStatusCode.UNSET);
});

test('a message without an envelope begins a story of its own, whoever opened the connection', async (ends) => {
  const { bus, service, received } = await start(ends);
  const client = new ServiceBusClient(bus.connectionString);
  ends.onTestFinished(() => client.close());
  await trace.getTracer('t').startActiveSpan('stranger', async (stranger) => {
    service.start();
    await client.createSender('parcels').sendMessages(message('f-1'));
    await until(() => expect(received).toHaveLength(1));
    await until(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(1));
    expect(spans(SpanKind.CONSUMER)[0]?.parentSpanContext).toBeUndefined();
    expect(received[0]?.trace).not.toBe(stranger.spanContext().traceId);
    stranger.end();
  });
});

test('a message of another service is followed by its Diagnostic-Id', async (ends) => {
  const { bus, service, received } = await start(ends);
  const client = new ServiceBusClient(bus.connectionString);
  ends.onTestFinished(() => client.close());
  const traceId = 'a'.repeat(32);
  const applicationProperties = { traceparent: 'not one', 'Diagnostic-Id': `00-${traceId}-${'b'.repeat(16)}-01` };
  await client.createSender('parcels').sendMessages({ ...message('f-1'), applicationProperties });
  service.start();
  await until(() => expect(received[0]?.trace).toBe(traceId));
});

test('what the sampler leaves out is stamped all the same', async (ends) => {
  useTracer(new AlwaysOffSampler());
  const { service, send, received } = await start(ends);
  await send('parcels', message('f-1'));
  service.start();
  await until(() => expect(received).toHaveLength(1));
  const { traceparent, 'obs-causation-id': _, ...rest } = received[0]?.message.applicationProperties ?? {};
  expect(traceparent).toBe(`00-${received[0]?.trace}-${String(traceparent).split('-')[2]}-00`);
  expect(rest).toMatchObject({ 'Diagnostic-Id': traceparent, 'obs-attempt': 1, 'obs-copy': 1 });
  expect(received[0]?.message.correlationId).toBe(received[0]?.trace);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

describe('a delivery', () => {
  test('is measured with its settlement', async (ends) => {
    const { service, send, settled } = await start(ends);
    service.start();
    await send('parcels', message('f-1'));
    await until(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(1));
    expect(settled).toEqual([idsOf(spans(SpanKind.CONSUMER)[0])?.spanId]);
  });

  test('that ends in the dead-letter queue says why', async (ends) => {
    const { bus, service, send } = await start(ends, [
      async () => ({ kind: 'dead-letter', reason: 'NoRule', description: 'no rule' }),
    ]);
    service.start();
    await send('parcels', message('f-1'));
    await until(() => expect(inQueue(bus).deadLettered).toBe(1));
    await until(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(1));
    expect(spans(SpanKind.CONSUMER)[0]).toMatchObject({
      name: 'process parcels',
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'messaging.servicebus.disposition_status': 'dead_letter', 'error.type': 'NoRule' },
    });
  });

  test('causes what its handler sends', async (ends) => {
    const { bus, service, send } = await start(ends, [
      async ({ message: handled }, next) => {
        if (handled.messageId === 'f-1') await send('parcels', message('f-2'));
        return next();
      },
    ]);
    await send('parcels', { ...message('f-1'), correlationId: 'order:1' });
    service.start();
    await until(() => expect(spans(SpanKind.CONSUMER)).toHaveLength(2));
    expect(inQueue(bus).total).toBe(0);
    const second = spans(SpanKind.CONSUMER).find(({ attributes }) => attributes['messaging.message.id'] === 'f-2');
    expect(second?.attributes.correlationId).toBe('order:1');
    expect(new Set(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
  });
});
