import { createBrokerSampler } from '../platform-metrics/broker-metrics.ts';
import { createServiceSampler } from '../platform-metrics/service-metrics.ts';
import type { ServiceBus } from '../service-bus/index.ts';

/** One value that a platform metric was measured with. */
export interface MetricSample {
  /** Milliseconds since 1970. */
  at: number;
  metric: string;
  dimensions: Readonly<Record<string, string>>;
  value: number;
}

export type MetricSampler = ReturnType<typeof startMetricSampler>;

const everyMs = 1_000;

/** Measures the broker and the service as `npm start` does, and keeps each value with its time, so that it can be laid again. */
export function startMetricSampler(serviceBus: Pick<ServiceBus, 'entities' | 'refusals'>) {
  const samples: MetricSample[] = [];
  const record = (metric: string, dimensions: MetricSample['dimensions'], value: number): void => {
    samples.push({ at: Date.now(), metric, dimensions, value });
  };
  const service = createServiceSampler({ record });
  const sampleBroker = createBrokerSampler(serviceBus, { record });
  const sample = () => {
    sampleBroker();
    service.sample();
  };
  const timer = setInterval(sample, everyMs);
  return {
    samples: samples as readonly MetricSample[],
    service,
    /** For what only who sends can see: the answers that callers got. */
    record,
    sample,
    stop: () => clearInterval(timer),
  };
}
