import type { Row } from '../application-insights/index.ts';
import type { ServiceBus } from '../service-bus/index.ts';
import { createBrokerSampler } from './broker-metrics.ts';
import { createMinutes, exportedRows } from './exported-metrics.ts';
import { createMetricStore, type MetricQuestion, type MetricSeries } from './metric-store.ts';
import { createServiceSampler, type ServiceWatch } from './service-metrics.ts';

export { exportsBrokerMetrics } from './diagnostic-settings.ts';
export type { Aggregation, MetricQuestion, MetricSeries } from './metric-store.ts';
export type { ServiceWatch } from './service-metrics.ts';

const SAMPLE_MS = 5_000;

/** The metrics that Azure measures by itself. Metric rules and the page read them; a query never does. */
export interface PlatformMetrics {
  /** Measures once more before it answers, so that what has happened by now is in. */
  readMetric(question: MetricQuestion): MetricSeries[];
  readonly service: ServiceWatch;
  stop(): Promise<void>;
}

/**
 * Measures the broker, where there is one, and the service, every few seconds. `exportTo` gets the rows of `AzureMetrics` for
 * each minute that has ended: give it where a diagnostic setting is deployed.
 */
export function startPlatformMetrics({
  serviceBus,
  exportTo,
  now = () => new Date(),
}: {
  serviceBus: Pick<ServiceBus, 'entities' | 'refusals'> | undefined;
  exportTo?: ((rows: readonly Row[]) => void) | undefined;
  now?: () => Date;
}): PlatformMetrics {
  const store = createMetricStore({ now });
  const service = createServiceSampler(store);
  const sampleBroker = serviceBus ? createBrokerSampler(serviceBus, store) : () => undefined;
  const endedMinutes = createMinutes(now);
  const sample = () => {
    for (const minute of endedMinutes()) exportTo?.(exportedRows(store, minute));
    sampleBroker();
    service.sample();
  };
  const timer = setInterval(sample, SAMPLE_MS).unref();
  return {
    readMetric(question) {
      sample();
      return store.read(question);
    },
    service,
    stop: async () => clearInterval(timer),
  };
}
