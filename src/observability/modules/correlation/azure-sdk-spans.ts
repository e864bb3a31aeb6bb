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
 * Ends the spans that the Azure SDKs make of themselves: for Service Bus they start a new trace at every receive. To be
 * called once telemetry has started: the distro (1.20.0) switches them on whatever its option `azureSdk` says, and
 * AZURE_TRACING_DISABLED tears the trace of every call that an SDK makes. Those calls are still measured, as HTTP.
 */
export const endAzureSdkSpans = (): void => useInstrumenter(noSpans);
