import { type Instrumenter, type TracingSpan, useInstrumenter } from '@azure/core-tracing';
import { context } from '@opentelemetry/api';

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
