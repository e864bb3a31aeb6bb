import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
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
