import { z } from 'zod';
import type { Decoded } from './decoded.ts';
import { properties, text } from './telemetry-fields.ts';

const schema = z.object({
  metrics: z
    .array(
      z.object({
        name: z.string(),
        value: z.number(),
        count: z.int().nullish(),
        min: z.number().nullish(),
        max: z.number().nullish(),
        ns: text,
      }),
    )
    .min(1),
  properties,
});

type Metric = z.output<typeof schema>['metrics'][number];

/** Precedes each batch of spans and carries the resource attributes; it is no metric of anybody. */
const RESOURCE_METRIC = '_OTELRESOURCE_';

/** A Windows counter path such as `\Process(??APP_WIN32_PROC??)\Private Bytes`, which the exporter sends on any system. */
const COUNTER_PATH = /^\\(?<category>[^\\(]+)(?:\((?<instance>[^)]*)\))?\\(?<counter>.+)$/;

/** Only the first metric of an item counts: Application Insights stores no more (Breeze schema, `MetricData.metrics`). */
export function decodeMetric(baseData: unknown): Decoded {
  const data = schema.parse(baseData);
  const metric = data.metrics[0] as Metric; // the schema asks for one at least
  if (metric.name === RESOURCE_METRIC) return undefined;
  return performanceCounter(metric, data.properties) ?? customMetric(metric, data.properties);
}

function customMetric(metric: Metric, sent: Readonly<Record<string, string>>): Decoded {
  const count = metric.count ?? 1;
  // Of a single value the smallest and the largest are known.
  const single = count === 1 ? metric.value : undefined;
  return {
    table: 'AppMetrics',
    columns: {
      Name: metric.name,
      Sum: metric.value,
      Min: metric.min ?? single,
      Max: metric.max ?? single,
      ItemCount: count,
      Properties: sent,
    },
  };
}

/** The well-known counters go to a table of their own, which holds one value, not a sum and a count: so the mean. */
function performanceCounter(metric: Metric, sent: Readonly<Record<string, string>>): Decoded {
  const path = COUNTER_PATH.exec(metric.name)?.groups;
  if (!path) return undefined;
  const instance = path.instance ?? '';
  return {
    table: 'AppPerformanceCounters',
    columns: {
      Name: path.counter,
      Category: path.category,
      Counter: path.counter,
      // Azure leaves the placeholder of the own process and the total out.
      Instance: instance === '_Total' || instance.startsWith('??') ? undefined : instance,
      Value: metric.value / Math.max(1, metric.count ?? 1),
      Properties: sent,
    },
  };
}
