import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRules } from '../../tools/bicep/generate-alert-rules.ts';
import { infra, predictedEntities } from './bicep.ts';
import { levels, ofType, scenario, topologies } from './snapshots.ts';

const { metric, activity } = await readRules(join(infra, 'observability', 'basic-alerts'));

interface Criterion {
  metricName: string;
  operator: string;
  threshold?: number;
  timeAggregation: string;
  dimensions: { name: string; values: string[] }[];
}
interface Condition {
  field?: string;
  equals?: string;
  anyOf?: { field: string; equals: string }[];
}
interface Alert {
  name: string;
  scopes: string[];
  criteria: { allOf: Criterion[] };
  condition: { allOf: Condition[] };
  actions: object;
  description: string;
}

/** The alerts of a kind, each with its name among its properties. */
const alertsOf = (kind: string, level: number, topology: string): Alert[] =>
  ofType(scenario(level, topology), `Microsoft.Insights/${kind}`).map(
    ({ name, properties }) => ({ name, ...properties }) as Alert,
  );

/** The last part of an id. */
const lastOf = (id = '') => id.split('/').at(-1);

/** Which metric rules of a scope watch what: a rule for each app has the name of the app behind its own. */
const watching = (topology: string, scope: string) =>
  alertsOf('metricAlerts', 1, topology)
    .filter(({ name }) => Object.keys(metric).some((rule) => name.startsWith(rule) && metric[rule]?.scope === scope))
    .map(({ name, scopes }) => [name, lastOf(scopes[0])]);

describe.each(topologies)('in topology %s', (topology) => {
  test('every metric rule is deployed with its title, its condition and its severity', () => {
    for (const [name, rule] of Object.entries(metric)) {
      const alert = alertsOf('metricAlerts', 1, topology).find((candidate) => candidate.name.startsWith(`${name}-`));
      expect(alert?.name, name).toMatch(/-snapshot$/);
      expect(alert, name).toMatchObject({
        severity: rule.severity,
        windowSize: rule.window,
        evaluationFrequency: rule.frequency,
        autoMitigate: true,
        enabled: true,
      });
      expect(alert?.description).toBe(
        `${rule.title} (snapshot). Who feels it: ${rule.feels} First action: ${rule.firstAction} Runbook: docs/runbooks/basic-alerts/${name}.md`,
      );
      const [wanted] = Object.values(rule.criteria);
      const [criterion] = alert?.criteria.allOf ?? [];
      expect(wanted).toEqual({
        kind: 'fixed',
        metric: criterion?.metricName,
        operator: criterion?.operator,
        threshold: criterion?.threshold,
        aggregation: criterion?.timeAggregation,
        dimensions: Object.fromEntries(criterion?.dimensions.map(({ name, values }) => [name, values]) ?? []),
      });
    }
  });

  test('a rule on replicas watches each app, one on the ingress the app that answers callers', () => {
    const apps = ofType(scenario(1, topology), 'Microsoft.App/containerApps').map(({ name }) => name);
    expect(watching(topology, 'app')).toEqual(apps.map((app) => [`no-replica-${app}-snapshot`, app]));
    const app = apps.find((name) => name.startsWith('ca-app-'));
    expect(watching(topology, 'ingress')).toEqual([[`failed-requests-${app}-snapshot`, app]]);
  });

  test('no app may scale to zero, or the rule on replicas would wake somebody when there is nothing to do', () => {
    for (const { properties } of ofType(scenario(1, topology), 'Microsoft.App/containerApps')) {
      const { template } = properties as { template: { scale: { minReplicas: number } } };
      expect(template.scale.minReplicas).toBeGreaterThanOrEqual(1);
    }
  });

  test('the metric alerts of level 1 stay inside the ten time series that are free', () => {
    const entities = Object.keys({ ...predictedEntities.queues, ...predictedEntities.topics }).length;
    // Each criterion watches one series for each combination of values of its dimensions; * is each queue and topic.
    const series = alertsOf('metricAlerts', 1, topology).flatMap(({ criteria }) =>
      criteria.allOf.map(({ dimensions }) =>
        dimensions.reduce((count, { values }) => count * (values.includes('*') ? entities : values.length), 1),
      ),
    );
    expect(series.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(10);
  });
});

test('failed requests are counted as one series over all result codes, where the ingress answers too', () => {
  expect(metric['failed-requests']?.criteria.failed).toMatchObject({
    metric: 'Requests',
    dimensions: { statusCodeCategory: ['5xx'] },
  });
});

test('dead letters are split by entity, or one full queue hides the next', () => {
  expect(metric['dead-letters']?.criteria['dead-lettered']).toMatchObject({ dimensions: { EntityName: ['*'] } });
});

test('no rule reads the metric of restarts, which counts over the life of a replica', () => {
  for (const level of levels)
    expect(JSON.stringify(alertsOf('metricAlerts', level, 'split'))).not.toContain('RestartCount');
});

test('the rules on the activity log read the entries of our group, and of the subscription where Azure has no other', () => {
  const alerts = alertsOf('activityLogAlerts', 1, 'single');
  expect(alerts.map(({ name, scopes }) => [name, lastOf(scopes[0])])).toEqual([
    ['resource-health-snapshot', 'rg-snapshot'],
    ['rule-disabled-snapshot', 'rg-snapshot'],
    ['service-health-snapshot', '00000000-0000-0000-0000-000000000000'],
  ]);
  for (const { actions } of alerts)
    expect(actions).toEqual({ actionGroups: [{ actionGroupId: expect.stringMatching(/ag-basic$/) }] });
});

test('every rule on the activity log names its category first, and all values of a field in one condition', () => {
  const alerts = alertsOf('activityLogAlerts', 1, 'single');
  for (const [name, { title, scope, conditions }] of Object.entries(activity)) {
    const alert = alerts.find((candidate) => candidate.name === `${name}-snapshot`);
    expect(alert?.description).toContain(`${title} (snapshot). Who feels it: `);
    expect(alert?.scopes[0]).toMatch(
      scope === 'subscription' ? /^\/subscriptions\/[^/]+$/ : /\/resourceGroups\/rg-snapshot$/,
    );
    const found = alert?.condition.allOf.map(({ anyOf, ...leaf }) =>
      (anyOf ?? [leaf]).map(({ field, equals }) => [field, equals]),
    );
    const wanted = Object.entries(conditions).sort();
    expect(found).toEqual(wanted.map(([field, values]) => values.map((value) => [field, value])));
    expect(wanted[0]?.[0]).toBe('category');
  }
});

test('rules may read system logs and never console logs: those are on the cheaper plan, from level 1 on', () => {
  for (const level of levels) {
    const plans = Object.fromEntries(
      ofType(scenario(level, 'split'), 'Microsoft.OperationalInsights/workspaces/tables')
        .filter(({ name }) => !name.startsWith('log-security'))
        .map(({ name, properties }) => [name.split('/').at(-1), properties?.plan]),
    );
    // System logs have no other plan than Analytics, so that nothing may set one.
    expect(plans).toEqual({ AppTraces: 'Analytics', ContainerAppConsoleLogs: 'Basic' });
    const [{ properties } = {}] = ofType(scenario(level, 'split'), 'Microsoft.Insights/diagnosticSettings').filter(
      ({ name }) => name === 'container-logs',
    );
    expect(properties?.logs).toEqual([
      { category: 'ContainerAppSystemLogs', enabled: true },
      { category: 'ContainerAppConsoleLogs', enabled: true },
    ]);
    const rules = ofType(scenario(level, 'split'), 'Microsoft.Insights/scheduledQueryRules');
    expect(rules.length).toBeGreaterThan(0);
    expect(JSON.stringify(rules)).not.toContain('ContainerAppConsoleLogs');
  }
});

test('the rule that Azure creates with every component is ours: under its name, enabled, aimed', () => {
  const [component] = ofType(scenario(1, 'single'), 'Microsoft.Insights/components');
  const [rule] = ofType(scenario(1, 'single'), 'microsoft.alertsManagement/smartDetectorAlertRules');
  expect(rule?.name).toBe(`Failure Anomalies - ${component?.name}`);
  expect(rule?.properties).toMatchObject({
    state: 'Enabled',
    frequency: 'PT1M',
    scope: [component?.id],
    actionGroups: { groupIds: [expect.stringMatching(/\/ag-basic$/)] },
  });
});
