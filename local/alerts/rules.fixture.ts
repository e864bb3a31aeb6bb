import type { DeployedRule } from './deployed/rule-resources.ts';

const about = {
  rule: 'a-rule',
  module: 'alert-rules',
  title: 'A rule of the tests',
  feels: 'Nobody.',
  firstAction: 'None.',
  runbook: 'the runbook of a rule',
  group: 'ag-ticket',
  severity: 2,
};
const common = { description: 'Who feels it: Nobody.', severity: 2, enabled: true, autoMitigate: true };

export const failedByRole = `AppRequests
| where Success == false
| summarize failed = sum(ItemCount) by AppRoleName`;

/** A log rule: more than no failed request of a role within five minutes, looked for every five minutes. */
export function someLogRule({
  frequency = 'PT5M',
  window = 'PT5M',
  criterion = {},
  ...properties
}: {
  frequency?: string;
  window?: string;
  criterion?: object;
  [property: string]: unknown;
} = {}): DeployedRule {
  return {
    ...about,
    name: 'a-rule',
    kind: 'scheduledQueryRules',
    target: 'Microsoft.OperationalInsights/workspaces',
    frequency,
    window,
    properties: {
      ...common,
      displayName: about.title,
      evaluationFrequency: frequency,
      windowSize: window,
      ...properties,
      criteria: {
        allOf: [
          {
            query: failedByRole,
            timeAggregation: 'Maximum',
            metricMeasureColumn: 'failed',
            operator: 'GreaterThan',
            threshold: 0,
            dimensions: [{ name: 'AppRoleName', operator: 'Include', values: ['*'] }],
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            ...criterion,
          },
        ],
      },
    },
  };
}

/** A metric rule: the most of `Depth` within five minutes is above 10, looked for every five minutes. */
export function someMetricRule({
  frequency = 'PT5M',
  window = 'PT5M',
  criteria = [{}],
  ...properties
}: {
  frequency?: string;
  window?: string;
  criteria?: object[];
  [property: string]: unknown;
} = {}): DeployedRule {
  return {
    ...about,
    name: 'a-rule-test',
    kind: 'metricAlerts',
    target: 'Microsoft.ServiceBus/namespaces',
    frequency,
    window,
    properties: {
      ...common,
      evaluationFrequency: frequency,
      windowSize: window,
      ...properties,
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: criteria.map((criterion) => ({
          criterionType: 'StaticThresholdCriterion',
          name: 'deep',
          metricNamespace: 'Microsoft.ServiceBus/namespaces',
          metricName: 'Depth',
          timeAggregation: 'Maximum',
          operator: 'GreaterThan',
          threshold: 10,
          dimensions: [],
          ...criterion,
        })),
      },
    },
  };
}
