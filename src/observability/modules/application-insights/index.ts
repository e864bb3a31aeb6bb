import { untilAborted } from '../../../platform/deadline.ts';
import type { SetUp } from '../../module.ts';
import { chooseDistroOptions } from './distro-options.ts';
import { samplingSection } from './manifest.ts';
import { createRequestSpans } from './request-spans.ts';
import { type Flush, startShipping, startWithoutShipping } from './telemetry.ts';

/** Default Application Insights; without a connection string, trace ids and context alone. */
export const setUp: SetUp = (context) => {
  const { percent } = samplingSection.parse(context.section ?? {});
  const { applicationInsights } = context.settings;
  let flush: Flush = async () => {};

  return {
    ...(applicationInsights !== undefined && {
      azureMonitor: chooseDistroOptions(applicationInsights, percent, context),
    }),
    async telemetry(options) {
      flush = await (applicationInsights === undefined
        ? startWithoutShipping(context)
        : startShipping(options, context));
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
