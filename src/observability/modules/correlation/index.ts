import type { SetUp } from '../../module.ts';
import { createRequestCorrelation, sendCorrelationHeader } from './correlation-header.ts';
import type { manifest } from './manifest.ts';
import { createMessageSpans } from './message-spans.ts';
import { currentStory } from './story.ts';
import { correlatedRecords, correlatedSpans } from './story-telemetry.ts';

/** One trace and one correlation id from the request to the last delivery, at any sampling rate. */
export const setUp: SetUp<typeof manifest> = ({ section: { header }, clock }) => {
  const { around, send } = createMessageSpans(clock);
  const stopHeader = sendCorrelationHeader(header);

  return {
    azureMonitor: {
      // The SDK of Service Bus would start a new trace at every receive.
      instrumentationOptions: { azureSdk: { enabled: false } },
      spanProcessors: [correlatedSpans],
      logRecordProcessors: [correlatedRecords],
    },
    http: [createRequestCorrelation(header)],
    logFields: [
      () => {
        const story = currentStory();
        return story ? { correlationId: story.correlationId } : {};
      },
    ],
    around: [around],
    send: [send],
    async stop() {
      stopHeader();
    },
  };
};
