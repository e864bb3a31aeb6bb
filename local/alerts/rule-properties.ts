import { z } from 'zod';
import { AlertUnsupported } from './alert-unsupported.ts';
import { isoMinutes } from './iso-minutes.ts';
import { readSupported } from './read-supported.ts';

/** An ISO duration, read as minutes. */
export const duration = z.string().transform((text, context) => {
  try {
    return isoMinutes(text);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});
const operator = z.enum(['GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']);
const timeAggregation = z.enum(['Average', 'Count', 'Maximum', 'Minimum', 'Total']);
const dimensions = z.array(
  z.strictObject({ name: z.string(), operator: z.literal('Include'), values: z.array(z.string()).min(1) }),
);
const common = {
  description: z.string(),
  severity: z.int().min(0).max(4),
  enabled: z.literal(true),
  evaluationFrequency: duration,
  windowSize: duration,
  autoMitigate: z.boolean(),
};

const logRuleProperties = z.strictObject({
  ...common,
  displayName: z.string(),
  skipQueryValidation: z.boolean().optional(),
  overrideQueryTimeRange: duration.optional(),
  muteActionsDuration: duration.optional(),
  criteria: z.strictObject({
    allOf: z.tuple([
      z.strictObject({
        query: z.string(),
        timeAggregation,
        metricMeasureColumn: z.string().nullable(),
        operator,
        threshold: z.number(),
        dimensions,
        failingPeriods: z.strictObject({
          numberOfEvaluationPeriods: z.int().min(1).max(6),
          minFailingPeriodsToAlert: z.int().min(1).max(6),
        }),
      }),
    ]),
  }),
});
const metricRuleProperties = z.strictObject({
  ...common,
  criteria: z.strictObject({
    'odata.type': z.literal('Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'),
    allOf: z
      .array(
        z.strictObject({
          criterionType: z.literal('StaticThresholdCriterion'),
          name: z.string(),
          metricNamespace: z.string(),
          metricName: z.string(),
          timeAggregation,
          operator,
          threshold: z.number(),
          dimensions,
        }),
      )
      .min(1),
  }),
});

/** What a log rule says, with durations in minutes. */
export type LogRuleProperties = z.output<typeof logRuleProperties>;
/** What a metric rule says, with durations in minutes. */
export type MetricRuleProperties = z.output<typeof metricRuleProperties>;
export type TimeAggregation = z.infer<typeof timeAggregation>;
export type Comparison = z.infer<typeof operator>;

/**
 * Reads the properties of a scheduled query rule. Throws `AlertUnsupported` for whatever is not evaluated here, by name, and
 * for what Azure refuses: actions are muted only where alerts do not resolve by themselves (Azure/azure-cli-extensions#3399).
 */
export function readLogRuleProperties(rule: string, properties: unknown): LogRuleProperties {
  const read = readSupported(logRuleProperties, rule, properties);
  const [{ timeAggregation: aggregation, metricMeasureColumn, failingPeriods }] = read.criteria.allOf;
  if (read.autoMitigate && read.muteActionsDuration !== undefined)
    throw new AlertUnsupported(rule, 'muteActionsDuration', 'needs autoMitigate to be false');
  if ((aggregation === 'Count') !== (metricMeasureColumn === null))
    throw new AlertUnsupported(rule, 'criteria.allOf.0.metricMeasureColumn', 'goes with every aggregation but Count');
  if (failingPeriods.minFailingPeriodsToAlert > failingPeriods.numberOfEvaluationPeriods)
    throw new AlertUnsupported(rule, 'criteria.allOf.0.failingPeriods', 'asks for more periods than are looked at');
  return read;
}

/**
 * Reads the properties of a metric alert. Throws `AlertUnsupported` for whatever is not evaluated here, by name: learned
 * thresholds and availability tests are.
 */
export function readMetricRuleProperties(rule: string, properties: unknown): MetricRuleProperties {
  refuseOtherCriteria(rule, properties);
  const read = readSupported(metricRuleProperties, rule, properties);
  const named = read.criteria.allOf.map(({ dimensions: own }) => JSON.stringify(own));
  if (new Set(named).size > 1)
    throw new AlertUnsupported(rule, 'criteria.allOf', 'has criteria with different dimensions');
  return read;
}

const kindsOfCriteria = z.looseObject({
  criteria: z.looseObject({
    'odata.type': z.string(),
    allOf: z.array(z.looseObject({ criterionType: z.string() })).optional(),
  }),
});

/** In words of their own, because a team will meet them. */
function refuseOtherCriteria(rule: string, properties: unknown): void {
  const { criteria } = readSupported(kindsOfCriteria, rule, properties);
  const learned = criteria.allOf?.findIndex(({ criterionType }) => criterionType === 'DynamicThresholdCriterion') ?? -1;
  if (learned >= 0) {
    const property = `criteria.allOf.${learned}.criterionType`;
    throw new AlertUnsupported(rule, property, 'is a threshold that Azure learns from days of a metric');
  }
  if (criteria['odata.type'] === 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria')
    throw new AlertUnsupported(rule, 'criteria', 'are the locations of an availability test, which only Azure has');
}

/** Whether a value meets a condition: what is exactly at the threshold meets those with `OrEqual` alone. */
export const meets: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThan: (value, threshold) => value > threshold,
  GreaterThanOrEqual: (value, threshold) => value >= threshold,
  LessThan: (value, threshold) => value < threshold,
  LessThanOrEqual: (value, threshold) => value <= threshold,
};
