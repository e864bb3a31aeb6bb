import type { SetUp } from '../../module.ts';
import { createRequestCorrelation, sendCorrelationHeader } from './correlation-header.ts';
import type { manifest } from './manifest.ts';
import { createMessageSpans } from './message-spans.ts';
import { currentStory } from './story.ts';
import { correlatedRecords, correlatedSpans, endAzureSdkSpans } from './story-telemetry.ts';

/** One trace and one correlation id from the request to the last delivery, at any sampling rate. */
export const setUp: SetUp<typeof manifest> = ({ section: { header }, clock }) => {
  const { around, send } = createMessageSpans(clock);
  const stopHeader = sendCorrelationHeader(header);

  return {
    azureMonitor: {
      instrumentationOptions: { azureSdk: { enabled: false } },
      spanProcessors: [correlatedSpans],
      logRecordProcessors: [correlatedRecords],
    },
    // Runs after the SDK has started, because `application-insights` comes earlier in the registry.
    telemetry: endAzureSdkSpans,
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
