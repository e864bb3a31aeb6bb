import { metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
  NoopSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ModuleContext } from '../../../../src/observability/module.ts';
import { putBeforeExporting } from '../../../../src/observability/modules/keep-failures/before-exporting.ts';
import { setUp } from '../../../../src/observability/modules/keep-failures/index.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

/** Puts a tracer provider with these processors in the place of the global one while the test runs. */
function startProvider(...spanProcessors: SpanProcessor[]): NodeTracerProvider {
  const provider = new NodeTracerProvider({
    spanProcessors,
    // As the sampler of the distro does below 100 percent.
    sampler: { shouldSample: () => ({ decision: 1, attributes: { 'microsoft.sample_rate': 5 } }), toString: () => '' },
  });
  const global = vi.spyOn(trace, 'getTracerProvider').mockReturnValue({ getDelegate: () => provider } as never);
  onTestFinished(async () => {
    global.mockRestore();
    await provider.shutdown();
  });
  return provider;
}

test('it stands before the batches of every exporter and behind all other processors', async () => {
  const order: string[] = [];
  const named = (name: string, processor: SpanProcessor): SpanProcessor => {
    vi.spyOn(processor, 'onEnd').mockImplementation(() => void order.push(name));
    vi.spyOn(processor, 'forceFlush').mockImplementation(async () => void order.push(`${name} is flushed`));
    return processor;
  };
  const batches = () => new BatchSpanProcessor(new InMemorySpanExporter());
  const provider = startProvider(
    named('batches of another exporter', batches()),
    named('first', new NoopSpanProcessor()),
    named('batches of Azure', batches()),
  );
  putBeforeExporting((exporting) => {
    const onEnd: SpanProcessor['onEnd'] = (span) => {
      order.push('before the batches');
      exporting.onEnd(span);
    };
    return { onStart: exporting.onStart, onEnd, forceFlush: exporting.forceFlush, shutdown: exporting.shutdown };
  });
  provider.getTracer('test').startSpan('span').end();
  await provider.forceFlush();
  const exporters = ['batches of another exporter', 'batches of Azure'];
  expect(order.filter((name) => !/flushed/.test(name))).toEqual(['first', 'before the batches', ...exporters]);
  expect(order).toEqual(expect.arrayContaining(exporters.map((name) => `${name} is flushed`)));
});

test('with OTEL_SDK_DISABLED there is nothing to hold back, and no problem', () => {
  startProvider();
  const wrap = vi.fn();
  putBeforeExporting(wrap);
  expect(wrap).not.toHaveBeenCalled();
});

test('an SDK that exports in another way is a problem that is said, and the sampler decides alone', () => {
  startProvider(new NoopSpanProcessor());
  const wrap = vi.fn();
  expect(() => putBeforeExporting(wrap)).toThrow('sampling.percent alone decides: remove the module, or adapt it');
  expect(wrap).not.toHaveBeenCalled();
});

const context = (settings: object, log = recordedLog()) =>
  ({
    settings,
    log,
    clock: systemClock,
    slo: { latencyMs: 500, messageLatencySeconds: 60 },
  }) as unknown as ModuleContext<undefined>;

const ships = { applicationInsights: 'InstrumentationKey=1' };

test.each([
  ['without a connection string', {}, 0.05],
  ['at 100 percent', ships, 1],
])('%s the spans go the way that they go without the module', async (_, settings, samplingRatio) => {
  const batches = new BatchSpanProcessor(new InMemorySpanExporter());
  const arrives = vi.spyOn(batches, 'onEnd');
  const provider = startProvider(batches);
  const { telemetry } = await setUp(context(settings));
  await telemetry?.({ samplingRatio });
  const tracer = provider.getTracer('test');
  const parent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('open'));
  tracer.startSpan('ended', {}, parent).end();
  expect(arrives).toHaveBeenCalledOnce();
});

test('traces that are decided early are counted, and a warning a minute says why', async () => {
  const add = vi.fn();
  const meter = vi.spyOn(metrics, 'getMeter').mockReturnValue({ createCounter: () => ({ add }) } as never);
  onTestFinished(() => meter.mockRestore());
  const log = recordedLog();
  const provider = startProvider(new BatchSpanProcessor(new InMemorySpanExporter()));
  const { telemetry } = await setUp(context(ships, log));
  await telemetry?.({ samplingRatio: 0.05 });
  const tracer = provider.getTracer('test');
  for (let open = 0; open < 2_003; open++) tracer.startSpan('open');
  expect(add.mock.calls).toEqual(Array(3).fill([1, { limit: 'traces' }]));
  expect(log.lines).toMatchObject([
    { severity: 'warning', fields: { problem: expect.stringContaining('too many traces are open at once') } },
  ]);
});
