import { createHash } from 'node:crypto';
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { TestContext } from 'vitest';
import { createHoldBack, type Limits } from '../../../../src/observability/modules/keep-failures/hold-back.ts';
import { createWorthKeeping } from '../../../../src/observability/modules/keep-failures/worth-keeping.ts';
import { type Clock, systemClock } from '../../../../src/platform/clock.ts';

/** A file of a package that the package does not export. */
const fileOf = (name: string, file: string) =>
  new URL(file, pathToFileURL(String(findPackageJSON(name, import.meta.url)))).href;

const { ApplicationInsightsSampler } = (await import(
  fileOf('@azure/monitor-opentelemetry', 'dist/esm/traces/sampler.js')
)) as { ApplicationInsightsSampler: new (ratio: number) => Sampler };
const { getSamplingHashCode } = (await import(
  fileOf('@azure/monitor-opentelemetry-exporter', 'dist/esm/sampling/samplingUtils.js')
)) as { getSamplingHashCode(traceId: string): number };

/** Whether the fixed-percentage sampler of Azure Monitor keeps a trace. */
export const isChosen = (traceId: string, percent: number): boolean => getSamplingHashCode(traceId) < percent;

/** The same trace ids in every run, so that what chance decides is decided once. */
export const traceIdOf = (index: number): string =>
  createHash('sha256').update(`trace ${index}`).digest('hex').slice(0, 32);

const byChoice = Map.groupBy(
  Array.from({ length: 3_000 }, (_, index) => traceIdOf(index)),
  (id) => isChosen(id, 5),
);

/** The `nth` trace id that the sampler keeps or leaves out at 5 percent. */
export const traceId = ({ chosen, nth = 0 }: { chosen: boolean; nth?: number }): string =>
  byChoice.get(chosen)?.[nth] ?? '';

export interface Exported {
  name: string;
  traceId: string;
  /** How many spans it stands for, as the exporter counts. */
  itemCount: number;
}

interface Given {
  percent?: number;
  latencyMs?: number;
  clock?: Clock;
  limits?: Limits;
  /** Through the batch processor of the SDK; otherwise each span is exported at once. */
  batches?: boolean;
}

const slo = { availabilityBasisPoints: 9950, messageLatencySeconds: 60 };

/** The hold-back behind the distro's own sampler, with an exporter in memory behind it. */
export function holdBackSpans(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { percent = 5, latencyMs = 500, clock = systemClock, limits, batches = false }: Given = {},
) {
  const spans: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      if (batches) setTimeout(done, 5, { code: ExportResultCode.SUCCESS });
      else done({ code: ExportResultCode.SUCCESS });
    },
    shutdown: async () => {},
  };
  const early: string[] = [];
  const holdBack = createHoldBack(batches ? new BatchSpanProcessor(exporter) : new SimpleSpanProcessor(exporter), {
    isWorthKeeping: createWorthKeeping({ ...slo, latencyMs }, clock),
    decidedEarly: (limit) => void early.push(limit),
    clock,
    ...(limits && { limits }),
  });
  const provider = new NodeTracerProvider({
    sampler: new ApplicationInsightsSampler(percent / 100),
    spanProcessors: [holdBack],
  });
  onTestFinished(() => provider.shutdown());
  const tracer = provider.getTracer('test');

  return {
    early,
    /** A span of a caller's trace, or below `parent`. */
    start(
      name: string,
      below: string | Span,
      {
        kind = SpanKind.SERVER,
        startTime = Date.now(),
        ...attributes
      }: Attributes & { kind?: SpanKind; startTime?: number } = {},
    ): Span {
      return tracer.startSpan(name, { kind, startTime, attributes }, contextOf(below));
    },
    exported: (): Exported[] =>
      spans.map((span) => ({
        name: span.name,
        traceId: span.spanContext().traceId,
        itemCount: 100 / Number(span.attributes['microsoft.sample_rate'] ?? 100),
      })),
    stop: () => provider.shutdown(),
  };
}

const contextOf = (below: string | Span): Context =>
  typeof below === 'string'
    ? trace.setSpanContext(ROOT_CONTEXT, {
        traceId: below,
        spanId: 'b7ad6b7169203331',
        traceFlags: TraceFlags.NONE,
        isRemote: true,
      })
    : trace.setSpan(ROOT_CONTEXT, below);
