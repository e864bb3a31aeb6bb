import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';

type SpanProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['spanProcessors']>[number];
type LogRecordProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['logRecordProcessors']>[number];

/** Of rows with this attribute the exporter (1.0.0-beta.47, `isSyntheticSource`) fills the column SyntheticSource. */
const attribute = 'user_agent.synthetic.type';
const nothing = { forceFlush: async () => {}, shutdown: async () => {} };

/**
 * Marks all rows of a run on a developer's machine that sends to Azure as synthetic, which every rule and every question
 * leaves out.
 */
export const markedSpans: SpanProcessor = {
  onStart: (span) => void span.setAttribute(attribute, 'test'),
  onEnd() {},
  ...nothing,
};

/** Marks log lines, exceptions and events of such a run in the same way. */
export const markedLogs: LogRecordProcessor = {
  onEmit: (record) => void record.setAttribute(attribute, 'test'),
  ...nothing,
};
