import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { AggregationType } from '@opentelemetry/sdk-metrics';

/** Of spans and log records with this attribute the exporter (1.0.0-beta.47, `isSyntheticSource`) fills SyntheticSource. */
const mark = { 'user_agent.synthetic.type': 'test' };
const nothing = { forceFlush: async () => {}, shutdown: async () => {} };

/**
 * Marks all rows of a run on a developer's machine that sends to Azure as synthetic, which every rule and every question
 * leaves out. The exporter marks neither metrics nor the exceptions that libraries record on spans: those are not sent.
 */
export const developerRun = {
  spanProcessors: [
    { onStart: (span) => void span.setAttributes(mark), onEnd: (span) => void span.events.splice(0), ...nothing },
  ],
  logRecordProcessors: [{ onEmit: (record) => void record.setAttributes(mark), ...nothing }],
  views: [{ instrumentName: '*', aggregation: { type: AggregationType.DROP } }],
} satisfies Partial<AzureMonitorOpenTelemetryOptions>;
