import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';

const sentence = z.string().min(1);
const spoken = { title: sentence, feels: sentence, firstAction: sentence };
const dimensions = z.record(z.string(), z.array(z.string()).min(1));
const measured = {
  metric: z.string().min(1),
  aggregation: z.enum(['Average', 'Count', 'Maximum', 'Minimum', 'Total']),
};

/** Windows, frequencies and periods are those that Azure has for metric alerts (Microsoft.Insights/metricAlerts). */
const metricRule = z.strictObject({
  ...spoken,
  severity: z.int().min(0).max(4),
  window: z.enum(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D']),
  frequency: z.enum(['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H']),
  scope: z.enum(['service-bus', 'queue', 'app', 'ingress', 'availability-test']),
  criteria: z.record(
    z.string(),
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('fixed'),
        ...measured,
        operator: z.enum(['GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
        threshold: z.int(),
        dimensions,
      }),
      z.strictObject({
        kind: z.literal('learned'),
        ...measured,
        operator: z.enum(['GreaterThan', 'LessThan', 'GreaterOrLessThan']),
        sensitivity: z.enum(['Low', 'Medium', 'High']),
        failing: z.int().min(1).max(6),
        periods: z.int().min(1).max(6),
        dimensions,
      }),
      z.strictObject({ kind: z.literal('locations'), failed: z.int().min(1).max(5) }),
    ]),
  ),
  drill: z.string().min(1).optional(),
});
/** A rule on the metrics of one resource. Without a drill: no fault on one machine can prove it. */
export type MetricRule = z.infer<typeof metricRule>;

const activityRule = z.strictObject({
  ...spoken,
  scope: z.enum(['subscription', 'resource-group']),
  conditions: z.record(z.string(), z.array(z.string()).min(1)),
});
/** A rule on Azure's activity log. Azure gives all its alerts severity 4. */
export type ActivityRule = z.infer<typeof activityRule>;

const read = async <T>(path: string, rule: z.ZodType<T>): Promise<Record<string, T>> => {
  const rules = z.record(z.string(), rule).safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (rules.success) return rules.data;
  const faults = rules.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${basename(path)}: ${faults.join('; ')}`);
};

/** Reads the table of metric rules. Throws one error that names every fault. */
export const readMetricRules = (path: string): Promise<Record<string, MetricRule>> => read(path, metricRule);

/** Reads the table of rules on the activity log. Throws one error that names every fault. */
export const readActivityRules = (path: string): Promise<Record<string, ActivityRule>> => read(path, activityRule);
