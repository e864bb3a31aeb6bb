import { fillQuery } from './query-values.ts';
import type { LogRuleInFile, MetricRuleInFile } from './rule-files.ts';

/** A rule as the deployment makes it. */
export interface DeployedRule {
  /** Of the resource. */
  name: string;
  /** In its file. */
  rule: string;
  /** `alertRules` are the analytics rules of Microsoft Sentinel. */
  kind: 'scheduledQueryRules' | 'metricAlerts' | 'alertRules';
  module: string;
  title: string;
  feels: string;
  firstAction: string;
  /** Its path in the checkout. */
  runbook: string;
  /** The drill that proves it. */
  drill?: string | undefined;
  severity: number;
  frequency: string;
  window: string;
  /** The kind of the resource that it watches. */
  target: string;
  /** The action group that is told, or Sentinel. */
  group: string;
  /** The properties of the resource, without those that name other resources (scopes, actions, ids). */
  properties: unknown;
}

interface Place {
  rule: string;
  module: string;
  group: string;
  environment: string;
}

const runbookOf = ({ module, rule }: Place) => `docs/runbooks/${module}/${rule}.md`;
const spoken = (place: Place, rule: LogRuleInFile | MetricRuleInFile) => ({
  rule: place.rule,
  module: place.module,
  group: place.group,
  runbook: runbookOf(place),
  title: rule.title,
  feels: rule.feels,
  firstAction: rule.firstAction,
  severity: rule.severity,
  frequency: rule.frequency,
  window: rule.window,
  drill: rule.drill,
});

/** What `infra/observability/log-rules.bicep` makes of a rule. */
export function logRuleResource(
  rule: LogRuleInFile,
  place: Place,
  values: Readonly<Record<string, string>>,
): DeployedRule {
  const runbook = runbookOf(place);
  return {
    name: place.rule,
    kind: 'scheduledQueryRules',
    target: 'Microsoft.OperationalInsights/workspaces',
    ...spoken(place, rule),
    properties: {
      displayName: `${rule.title} (${place.environment})`,
      description: `Who feels it: ${rule.feels} First action: ${rule.firstAction} Runbook: ${runbook}`,
      severity: rule.severity,
      enabled: true,
      evaluationFrequency: rule.frequency,
      windowSize: rule.window,
      autoMitigate: true,
      skipQueryValidation: true,
      criteria: {
        allOf: [
          {
            query: fillQuery(rule.query, values),
            timeAggregation: rule.aggregation,
            metricMeasureColumn: rule.measure ?? null,
            operator: rule.operator,
            threshold: Number(rule.threshold),
            dimensions: rule.dimensions.map((name) => ({ name, operator: 'Include', values: ['*'] })),
            failingPeriods: { numberOfEvaluationPeriods: rule.periods, minFailingPeriodsToAlert: rule.failing },
          },
        ],
      },
    },
  };
}

type Dimensions = Readonly<Record<string, readonly string[]>>;
type Criterion = Exclude<MetricRuleInFile['criteria'][string], { kind: 'locations' }>;

const serviceBus = 'Microsoft.ServiceBus/namespaces';
const containerApp = 'Microsoft.App/containerApps';
const targets: Readonly<Record<MetricRuleInFile['scope'], string>> = {
  'service-bus': serviceBus,
  queue: serviceBus,
  app: containerApp,
  ingress: containerApp,
  'availability-test': 'Microsoft.Insights/webtests',
};

/**
 * What `infra/observability/metric-rule.bicep` makes of a rule, and `availability.bicep` of the one on an availability test.
 * `watched` is the queue or app where there is a rule for each; `locations` how many places try the service.
 */
export function metricRuleResource(
  rule: MetricRuleInFile,
  place: Place,
  { watched, dimensions = {}, locations = 0 }: { watched?: string; dimensions?: Dimensions; locations?: number } = {},
): DeployedRule {
  const about = `${rule.title} (${place.environment}). Who feels it: ${rule.feels} First action: ${rule.firstAction}`;
  const target = targets[rule.scope];
  return {
    name: [place.rule, watched, place.environment].filter((part) => part !== undefined).join('-'),
    kind: 'metricAlerts',
    target,
    ...spoken(place, rule),
    properties: {
      description: `${about} Runbook: ${runbookOf(place)}`,
      severity: rule.severity,
      enabled: true,
      evaluationFrequency: rule.frequency,
      windowSize: rule.window,
      autoMitigate: true,
      criteria: criteriaOf(rule, target, dimensions, locations),
    },
  };
}

function criteriaOf({ criteria }: MetricRuleInFile, target: string, dimensions: Dimensions, locations: number) {
  const sorted = Object.entries(criteria).sort(([a], [b]) => (a < b ? -1 : 1));
  const [places] = sorted.flatMap(([, criterion]) => (criterion.kind === 'locations' ? [criterion] : []));
  const all = sorted.flatMap(([name, criterion]) => (criterion.kind === 'locations' ? [] : [{ name, criterion }]));
  if (places) {
    const type = 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria';
    return { 'odata.type': type, failedLocationCount: Math.min(places.failed, locations) };
  }
  const learns = all.some(({ criterion }) => criterion.kind === 'learned');
  const many = learns ? 'MultipleResourceMultipleMetricCriteria' : 'SingleResourceMultipleMetricCriteria';
  return {
    'odata.type': `Microsoft.Azure.Monitor.${many}`,
    allOf: all.map(({ name, criterion }) => criterionOf(name, criterion, target, dimensions)),
  };
}

function criterionOf(name: string, criterion: Criterion, metricNamespace: string, further: Dimensions) {
  const { metric: metricName, aggregation: timeAggregation, operator } = criterion;
  const dimensions = Object.entries({ ...criterion.dimensions, ...further })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([dimension, values]) => ({ name: dimension, operator: 'Include', values }));
  const common = { name, metricNamespace, metricName, timeAggregation, operator, dimensions };
  if (criterion.kind === 'fixed')
    return { ...common, criterionType: 'StaticThresholdCriterion', threshold: criterion.threshold };
  const { sensitivity: alertSensitivity, periods, failing } = criterion;
  const failingPeriods = { numberOfEvaluationPeriods: periods, minFailingPeriodsToAlert: failing };
  return { ...common, criterionType: 'DynamicThresholdCriterion', alertSensitivity, failingPeriods };
}
