import { type Histogram, metrics } from '@opentelemetry/api';
import type { SetUp } from '../../module.ts';
import { createProblemReport } from '../application-insights/sdk-diagnostics.ts';
import { watchAccepted } from './accepted-items.ts';
import { createForecast } from './forecast.ts';
import type { manifest } from './manifest.ts';
import { readTelemetryPrice } from './prices.ts';
import { type Item, sizeOfRow } from './row-size.ts';
import { createVolume } from './volume.ts';

const description = 'Accepted telemetry: an estimate of what each row is billed as.';

/** Counts what the exporter delivers, by table. Without a connection string there is nothing to count. */
export const setUp: SetUp<typeof manifest> = (context) => {
  if (context.settings.applicationInsights === undefined) return {};
  const report = createProblemReport(context.log, context.clock);
  const volume = createVolume(context.clock);
  let sizes: Histogram | undefined;

  function count(item: Item): void {
    const row = sizeOfRow(item);
    if (!row) return;
    volume.add(row.table, row.bytes);
    sizes?.record(row.bytes, { table: row.table });
  }
  const failed = () => report('warning', ['a delivered batch was not counted: cost-meter does not know its form']);

  return {
    azureMonitor: { azureMonitorExporterOptions: { additionalPolicies: [watchAccepted(count, failed)] } },
    // Runs after the SDK has started, because `application-insights` comes earlier in the registry: an earlier meter is dead.
    telemetry() {
      // The row of a minute has the sum and the count, bytes and items. Buckets would only cost.
      const advice = { explicitBucketBoundaries: [] };
      sizes = metrics.getMeter('cost-meter').createHistogram('telemetry.bytes', { description, unit: 'By', advice });
    },
    healthChecks: [
      { name: 'telemetry-cost', needed: false, check: createForecast(volume, readTelemetryPrice(), context) },
    ],
  };
};
