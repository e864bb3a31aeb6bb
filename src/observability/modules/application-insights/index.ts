import { untilAborted } from '../../../platform/deadline.ts';
import type { SetUp } from '../../module.ts';
import { watchDelivery } from './delivery.ts';
import { chooseDistroOptions } from './distro-options.ts';
import type { manifest } from './manifest.ts';
import { createRequestSpans } from './request-spans.ts';
import { createProblemReport } from './sdk-diagnostics.ts';
import { type Flush, startTelemetry } from './telemetry.ts';

/** Default Application Insights. Without a connection string: trace ids and context, and no telemetry is sent. */
export const setUp: SetUp<typeof manifest> = (context) => {
  const { section, settings, log, clock } = context;
  const report = createProblemReport(log, clock);
  const { policy, health, lost } = watchDelivery(report, clock);
  let flush: Flush = async () => {};

  return {
    ...(settings.applicationInsights !== undefined && {
      azureMonitor: chooseDistroOptions(settings.applicationInsights, section.percent, policy, context),
      healthChecks: [{ name: 'telemetry', needed: false, check: health }],
    }),
    async telemetry(options, startSdk) {
      flush = await startTelemetry(options, startSdk, context, report, lost);
    },
    http: [createRequestSpans()],
    // A last delivery that fails rejects after seconds of retries. It must not delay the exit beyond the deadline.
    stop: (deadline) =>
      untilAborted(deadline, flush).catch((error) => log.warning('the last telemetry was not delivered', { error })),
  };
};
