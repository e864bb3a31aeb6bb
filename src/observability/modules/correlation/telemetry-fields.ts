import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { currentStory } from './story.ts';

type SpanProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['spanProcessors']>[number];
type LogRecordProcessor = NonNullable<AzureMonitorOpenTelemetryOptions['logRecordProcessors']>[number];

const nothingToEnd = { forceFlush: async () => {}, shutdown: async () => {} };

/** `correlationId` among the properties of every call that is made for a request or message. */
export const correlatedSpans: SpanProcessor = {
  onStart(span, parent) {
    const story = currentStory(parent);
    if (story) span.setAttribute('correlationId', story.correlationId);
  },
  onEnd() {},
  ...nothingToEnd,
};

/** The same for log lines, exceptions and events, which are log records all three. A field of that name stays. */
export const correlatedRecords: LogRecordProcessor = {
  onEmit(record, active) {
    const story = currentStory(active);
    if (story && record.attributes.correlationId === undefined) {
      record.setAttribute('correlationId', story.correlationId);
    }
  },
  ...nothingToEnd,
};
