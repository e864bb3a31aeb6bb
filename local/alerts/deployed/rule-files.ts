import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readSupported } from '../read-supported.ts';
import { readJsonFile } from './configuration.ts';

const spoken = { title: z.string(), severity: z.int().min(0).max(4), feels: z.string(), firstAction: z.string() };
const timed = { window: z.string(), frequency: z.string(), drill: z.string().optional() };
const dimensions = z.record(z.string(), z.array(z.string()));
const aggregation = z.enum(['Average', 'Count', 'Maximum', 'Minimum', 'Total']);

const logRuleInFile = z.strictObject({
  ...spoken,
  ...timed,
  aggregation,
  measure: z.string().optional(),
  operator: z.string(),
  threshold: z.string(),
  failing: z.int(),
  periods: z.int(),
  dimensions: z.array(z.string()),
  level: z.int(),
  modules: z.array(z.string()),
  query: z.string(),
});
const measured = { metric: z.string(), aggregation, operator: z.string(), dimensions };
const metricRuleInFile = z.strictObject({
  ...spoken,
  ...timed,
  scope: z.enum(['service-bus', 'queue', 'app', 'ingress', 'availability-test']),
  criteria: z.record(
    z.string(),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('fixed'), ...measured, threshold: z.int() }),
      z.strictObject({
        kind: z.literal('learned'),
        ...measured,
        sensitivity: z.string(),
        failing: z.int(),
        periods: z.int(),
      }),
      z.strictObject({ kind: z.literal('locations'), failed: z.int() }),
    ]),
  ),
});
const analyticsRuleInFile = z.strictObject({
  ...spoken,
  severity: z.enum(['High', 'Medium', 'Low', 'Informational']),
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  entities: z.array(z.strictObject({ type: z.string(), identifier: z.string(), column: z.string() })),
  period: z.string(),
  frequency: z.string(),
  operator: z.string(),
  threshold: z.int(),
  level: z.int(),
  modules: z.array(z.string()),
  drill: z.string().optional(),
  query: z.string(),
});
export type AnalyticsRuleInFile = z.infer<typeof analyticsRuleInFile>;
export type LogRuleInFile = z.infer<typeof logRuleInFile>;
export type MetricRuleInFile = z.infer<typeof metricRuleInFile>;

/** The modules with rules, in the order of the ladder. */
export type RuleModule = 'basic-alerts' | 'alert-rules';

/** What `log-rules.json` and `metric-rules.json` of a module hold: the files that Bicep loads. Empty where a module was deleted. */
export function readRuleFiles(root: string, module: RuleModule) {
  const path = (file: string) => join(root, 'infra/observability', module, file);
  return {
    log: readRules(path('log-rules.json'), logRuleInFile),
    metric: readRules(path('metric-rules.json'), metricRuleInFile),
  };
}

/** What `analytics-rules.json` of `security-events` holds: the file that Bicep loads. Empty where the module was deleted. */
export const readAnalyticsRules = (root: string): Record<string, AnalyticsRuleInFile> =>
  readRules(join(root, 'infra/observability/security-events/analytics-rules.json'), analyticsRuleInFile);

/** Throws `AlertUnsupported` for a field that is not known here: Bicep may make something of it, and we would not. */
function readRules<T>(path: string, schema: z.ZodType<T>): Record<string, T> {
  if (!existsSync(path)) return {};
  const all = z.record(z.string(), z.unknown()).parse(readJsonFile(path));
  return Object.fromEntries(Object.entries(all).map(([name, rule]) => [name, readSupported(schema, name, rule)]));
}
