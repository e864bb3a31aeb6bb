import { type ProxyTracerProvider, trace } from '@opentelemetry/api';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-node';

/** Private parts of the tracer provider of the SDK. */
interface ProviderInternals {
  _activeSpanProcessor?: { _spanProcessors?: SpanProcessor[] };
}

/**
 * Puts a span processor between the spans and the batches of every exporter, so that all exporters get the same spans.
 * Call it after the SDK has started. The distro (1.21.0) makes the batch processor itself, as the last of its processors,
 * and has no option to put another before it that could hold a span back. Does nothing with OTEL_SDK_DISABLED. Throws when
 * the SDK looks different.
 */
export function putBeforeExporting(wrap: (exporting: SpanProcessor) => SpanProcessor): void {
  const provider = (trace.getTracerProvider() as ProxyTracerProvider).getDelegate() as ProviderInternals;
  const processors = provider._activeSpanProcessor?._spanProcessors;
  if (processors?.length === 0) return;
  if (!(processors?.at(-1) instanceof BatchSpanProcessor))
    throw new Error(
      'The telemetry SDK does not export spans as keep-failures expects it, so sampling.percent alone decides: remove the module, or adapt it to this version of @azure/monitor-opentelemetry.',
    );
  const others = processors.filter((processor) => !(processor instanceof BatchSpanProcessor));
  const batches = processors.filter((processor) => processor instanceof BatchSpanProcessor);
  processors.splice(0, processors.length, ...others, wrap(joined(batches)));
}

/** Several processors as one. */
const joined = (all: readonly SpanProcessor[]): SpanProcessor => ({
  onStart(...started) {
    for (const one of all) one.onStart(...started);
  },
  onEnd(span) {
    for (const one of all) one.onEnd(span);
  },
  async forceFlush() {
    await Promise.all(all.map((one) => one.forceFlush()));
  },
  async shutdown() {
    await Promise.all(all.map((one) => one.shutdown()));
  },
});
