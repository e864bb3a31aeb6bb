import { readAnalyticsRuleProperties } from './analytics-rule-properties.ts';
import type { Finding } from './conditions/finding.ts';
import type { DeployedRule } from './deployed/rule-resources.ts';
import { type Comparison, readLogRuleProperties, readMetricRuleProperties } from './rule-properties.ts';

/** One number that a rule compares. A rule with several fires where all of them hold. */
export interface RuleCriterion {
  /** Such as `Maximum of failedShare`, or `Rows`. */
  measure: string;
  operator: Comparison;
  threshold: number;
}

/** What a check compared: of the series that was nearest to firing, one number for each criterion. */
export interface Measurement {
  /** ISO time. */
  at: string;
  values: (number | null)[];
}

/** What the rule looks at, for people: not as it is deployed but as it is read. Throws `AlertUnsupported`. */
export function watchedBy(rule: DeployedRule): {
  criteria: RuleCriterion[];
  /** Of a log or analytics rule. */
  query?: string;
  /** Of a log or analytics rule: of how many windows so many must meet the condition. */
  periods?: { needed: number; of: number };
} {
  if (rule.kind === 'metricAlerts') {
    const { criteria } = readMetricRuleProperties(rule.name, rule.properties);
    return {
      criteria: criteria.allOf.map(({ timeAggregation, metricName, operator, threshold }) => ({
        ...{ measure: `${timeAggregation} of ${metricName}`, operator, threshold },
      })),
    };
  }
  if (rule.kind === 'alertRules') {
    const { query, triggerOperator, triggerThreshold } = readAnalyticsRuleProperties(rule.name, rule.properties);
    const criteria = [{ measure: 'Rows', operator: triggerOperator, threshold: triggerThreshold }];
    return { criteria, query, periods: { needed: 1, of: 1 } };
  }
  const [criterion] = readLogRuleProperties(rule.name, rule.properties).criteria.allOf;
  const { query, timeAggregation, metricMeasureColumn, operator, threshold, failingPeriods } = criterion;
  const measure = metricMeasureColumn === null ? 'Rows' : `${timeAggregation} of ${metricMeasureColumn}`;
  const { minFailingPeriodsToAlert: needed, numberOfEvaluationPeriods: of } = failingPeriods;
  return { criteria: [{ measure, operator, threshold }], query, periods: { needed, of } };
}

/** Of the series of a check the one that fires or is nearest to it; without a series there is no number. */
export function measurementOf(
  at: Date,
  findings: readonly Finding[],
  criteria: readonly Pick<RuleCriterion, 'operator'>[],
): Measurement {
  const sign = criteria[0]?.operator.startsWith('Less') ? -1 : 1;
  const closeness = ({ outcome, values: [first] }: Finding) =>
    outcome === 'met' ? Number.POSITIVE_INFINITY : first === undefined ? Number.NEGATIVE_INFINITY : sign * first;
  const nearest = findings.toSorted((a, b) => closeness(b) - closeness(a))[0];
  return { at: at.toISOString(), values: criteria.map((_, index) => nearest?.values[index] ?? null) };
}
