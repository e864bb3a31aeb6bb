import { untilAborted } from '../../../platform/deadline.ts';
import type { SetUp } from '../../module.ts';
import { watchDelivery } from './delivery.ts';
import { chooseDistroOptions } from './distro-options.ts';
import type { manifest } from './manifest.ts';
import { createRequestSpans } from './request-spans.ts';
import { createProblemReport } from './sdk-diagnostics.ts';
import { type Flush, startShipping, startWithoutShipping } from './telemetry.ts';

/** Default Application Insights; without a connection string, trace ids and context alone. */
export const setUp: SetUp<typeof manifest> = (context) => {
  const { percent } = context.section;
  const { applicationInsights } = context.settings;
  const report = createProblemReport(context.log, context.clock);
  const { policy, health, lost } = watchDelivery(report, context.clock);
  let flush: Flush = async () => {};

  return {
    ...(applicationInsights !== undefined && {
      azureMonitor: chooseDistroOptions(applicationInsights, percent, policy, context),
      healthChecks: [{ name: 'telemetry', needed: false, check: health }],
    }),
    async telemetry(options) {
      flush = await (applicationInsights === undefined
        ? startWithoutShipping(context, report)
        : startShipping(options, context, report, lost));
    },
    http: [createRequestSpans()],
    async stop(deadline) {
      // A failed last delivery rejects, after seconds of retries: neither may hold up the exit.
      try {
        await untilAborted(deadline, flush);
      } catch (error) {
        context.log.warning('the last telemetry was not delivered', { error });
      }
    },
  };
};
