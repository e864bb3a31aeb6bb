import { type Instrumenter, type TracingSpan, useInstrumenter } from '@azure/core-tracing';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { context } from '@opentelemetry/api';
import { currentStory } from './story.ts';

type SpanProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['spanProcessors']>[number];
type LogRecordProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['logRecordProcessors']>[number];

const nothingToEnd = { forceFlush: async () => {}, shutdown: async () => {} };

/** Adds `correlationId` to every span of a request or message. */
export const correlatedSpans: SpanProcessor = {
  onStart(span, parent) {
    const story = currentStory(parent);
    if (story) span.setAttribute('correlationId', story.correlationId);
  },
  onEnd() {},
  ...nothingToEnd,
};

/** Adds it to log lines, exceptions and events, which are all log records. An existing `correlationId` stays. */
export const correlatedRecords: LogRecordProcessor = {
  onEmit(record, active) {
    const story = currentStory(active);
    if (story && record.attributes.correlationId === undefined) {
      record.setAttribute('correlationId', story.correlationId);
    }
  },
  ...nothingToEnd,
};

const noSpan: TracingSpan = {
  end() {},
  setStatus() {},
  setAttribute() {},
  recordException() {},
  isRecording: () => false,
};

const noSpans: Instrumenter = {
  startSpan: (_name, { tracingContext = context.active() }) => ({ span: noSpan, tracingContext }),
  withContext: (_context, callback, ...parameters) => callback(...parameters),
  parseTraceparentHeader: () => undefined,
  createRequestHeaders: () => ({}),
};

/**
 * Switches off the spans that the Azure SDKs create themselves: for Service Bus they start a new trace at every
 * receive. Call it after telemetry has started, because the distro (1.20.0) switches these spans on even when its
 * option `azureSdk` is off, and AZURE_TRACING_DISABLED breaks the trace of every call of an SDK. The calls of the SDKs
 * are still measured, as HTTP calls.
 */
export const endAzureSdkSpans = (): void => useInstrumenter(noSpans);
