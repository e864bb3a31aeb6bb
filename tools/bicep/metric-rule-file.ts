import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';

const spoken = {
  title: z.string().min(1),
  severity: z.int().min(0).max(4),
  feels: z.string().min(1),
  firstAction: z.string().min(1),
  window: z.enum(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D']),
  frequency: z.enum(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H']),
  signals: z.strictObject({ level: z.int().min(1).max(5), modules: z.array(z.string()) }),
  drill: z.string().min(1),
};

/** A rule on metrics. `service-bus`: a dynamic threshold, split by the dimensions; `availability-test`: failed locations. */
const metricRule = z.discriminatedUnion('scope', [
  z.strictObject({ ...spoken, scope: z.literal('availability-test') }),
  z.strictObject({
    ...spoken,
    scope: z.literal('service-bus'),
    metric: z.string().min(1),
    aggregation: z.enum(['Average', 'Maximum', 'Minimum', 'Total', 'Count']),
    operator: z.enum(['GreaterThan', 'LessThan', 'GreaterOrLessThan']),
    sensitivity: z.enum(['Low', 'Medium', 'High']),
    failing: z.int().min(1).max(6),
    periods: z.int().min(1).max(6),
    dimensions: z.array(z.string()).min(1),
  }),
]);
export type MetricRule = z.infer<typeof metricRule>;

/** Reads the table of metric rules. Throws one error that names every fault. */
export const readMetricRules = async (path: string): Promise<Record<string, MetricRule>> => {
  const read = z.record(z.string(), metricRule).safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${basename(path)}: ${faults.join('; ')}`);
};
