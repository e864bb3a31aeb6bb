import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnalyticsRules } from '../../tools/bicep/generate-analytics-rules.ts';
import type { Resource } from '../../tools/bicep/predictions.ts';
import { copyInfra, infra, predict, testWithCompiler } from './bicep.ts';
import { containerApp, ofType, scenario, topologies } from './snapshots.ts';

const rules = await readAnalyticsRules();
const schema = JSON.parse(await readFile(join(infra, 'observability/log-analytics-schema.json'), 'utf8'));
const columns: { name: string; type: string }[] = schema.tables.ServiceSecurity_CL.columns.filter(
  ({ name }: { name: string }) => !/^(_.*|SourceSystem|TenantId|Type)$/.test(name),
);
const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-snapshot';
const isSecurity = ({ name }: Resource) => name.startsWith('log-security-');

describe.each(topologies)('in topology %s', (topology) => {
  const snapshot = scenario(5, topology);
  const workspace = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces').find(isSecurity);
  const [collection] = ofType(snapshot, 'Microsoft.Insights/dataCollectionRules');

  test('Sentinel is on the workspace of the security events alone: it would bill all telemetry', () => {
    expect(ofType(snapshot, 'Microsoft.OperationalInsights/workspaces')).toHaveLength(2);
    expect(ofType(snapshot, 'Microsoft.SecurityInsights/onboardingStates').map(({ id }) => id)).toEqual([
      `${workspace?.id}/providers/Microsoft.SecurityInsights/onboardingStates/default`,
    ]);
    for (const { id } of ofType(snapshot, 'Microsoft.SecurityInsights/alertRules'))
      expect(id.startsWith(`${workspace?.id}/providers/`)).toBe(true);
  });

  test('the table has the columns of the schema, and is kept for a year of which Sentinel pays ninety days', () => {
    const [table] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/tables').filter(({ name }) =>
      name.endsWith('/ServiceSecurity_CL'),
    );
    const asTable = ({ name, type }: (typeof columns)[0]) => ({ name, type: type === 'datetime' ? 'dateTime' : type });
    expect(table?.properties).toEqual({
      plan: 'Analytics',
      totalRetentionInDays: 365,
      schema: { name: 'ServiceSecurity_CL', columns: columns.map(asTable) },
    });
    expect(workspace?.properties?.retentionInDays).toBe(90);
  });

  test('the collection rule takes what the table has, at an address of its own', () => {
    expect(collection).toMatchObject({
      kind: 'Direct',
      properties: {
        streamDeclarations: { 'Custom-ServiceSecurity_CL': { columns } },
        destinations: { logAnalytics: [{ workspaceResourceId: workspace?.id }] },
        dataFlows: [{ streams: ['Custom-ServiceSecurity_CL'], outputStream: 'Custom-ServiceSecurity_CL' }],
      },
    });
  });

  test('each container knows where to write, and no level below does', () => {
    for (const kind of ['app', 'worker'] as const) {
      const { env } = containerApp(snapshot, kind) ?? {};
      if (!env) continue;
      expect(env.SECURITY_LOGS_ENDPOINT).toContain(`${collection?.id}', '2023-03-11').endpoints.logsIngestion`);
      expect(env.SECURITY_LOGS_RULE).toContain(`${collection?.id}', '2023-03-11').immutableId`);
      expect(Object.keys(containerApp(scenario(4, topology), kind)?.env ?? {}).join()).not.toContain('SECURITY_LOGS');
    }
  });

  test('the activity log of the subscription comes to the same workspace', () => {
    const setting = ofType(snapshot, 'Microsoft.Insights/diagnosticSettings').find(
      ({ name }) => name === 'security-snapshot',
    );
    expect(setting?.id).not.toContain('/resourceGroups/');
    const logs = ['Administrative', 'Policy', 'Security'].map((category) => ({ category, enabled: true }));
    expect(setting?.properties).toEqual({ workspaceId: workspace?.id, logs });
  });

  test('each analytics rule is there once, with the query of its file and the groups of this environment in it', () => {
    const deployed = ofType(snapshot, 'Microsoft.SecurityInsights/alertRules');
    expect(deployed).toHaveLength(Object.keys(rules).length);
    for (const [name, rule] of Object.entries(rules)) {
      const found = deployed.find(({ properties }) => String(properties?.description).endsWith(`/${name}.md`));
      expect(found, name).toMatchObject({
        kind: 'Scheduled',
        properties: {
          displayName: `${rule.title} (snapshot)`,
          enabled: true,
          severity: rule.severity,
          query: rule.query.replaceAll('{{deployment.resourceGroups}}', '"rg-snapshot"'),
          queryPeriod: rule.period,
          queryFrequency: rule.frequency,
          triggerOperator: rule.operator,
          triggerThreshold: rule.threshold,
          suppressionEnabled: false,
          tactics: rule.tactics,
          techniques: rule.techniques,
          entityMappings: rule.entities.map(({ type, identifier, column }) => ({
            entityType: type,
            fieldMappings: [{ identifier, columnName: column }],
          })),
          eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
          incidentConfiguration: {
            createIncident: true,
            groupingConfiguration: { enabled: true, matchingMethod: 'AllEntities', lookbackDuration: 'P1D' },
          },
        },
      });
    }
  });
});

test('the names of the rules do not change from one deployment to the next, and are those of their workspace', () => {
  const names = (topology: string) =>
    ofType(scenario(5, topology), 'Microsoft.SecurityInsights/alertRules').map(({ id }) => id);
  expect(names('single')).toEqual(names('split'));
  expect(names('single').every((id) => id.startsWith(group))).toBe(true);
});

test('no rule reads another workspace: Sentinel would have to be on it too', () => {
  for (const { query } of Object.values(rules)) {
    expect(query).not.toMatch(/\b(workspace|app|resource)\(/);
    expect(query).not.toMatch(/\bApp(?!lication)[A-Z]\w+/);
  }
});

test('what Sentinel refuses for a moment after it was switched on is tried again', async () => {
  const template = await readFile(join(infra, 'observability/security-events/analytics-rules.bicep'), 'utf8');
  expect(template).toMatch(/@retryOn\(\['BadRequest'\], \d+\)\nresource alertRules /);
});

test('the rules wait until Sentinel is on and the tables are there: Azure refuses the query of a table that is not', async () => {
  const template = await readFile(join(infra, 'observability/security-events/main.bicep'), 'utf8');
  const [, dependencies = ''] = /module analyticsRules [\s\S]*?dependsOn: \[(.*)\]/.exec(template) ?? [];
  expect(dependencies.split(', ').toSorted()).toEqual(['onboarding', 'workspace::activityTable', 'workspace::table']);
});

testWithCompiler('a rule whose signals come from a module that is off is left out', async (compiler) => {
  const folder = await copyInfra();
  const rulesWithout = async (remove: string) => {
    const config = `{ level: 5, modules: { remove: [${remove}] } }`;
    const snapshot = await predict(compiler, folder, { config });
    return ofType(snapshot, 'Microsoft.SecurityInsights/alertRules').length;
  };
  const onMessages = Object.values(rules).filter(({ modules }) => modules.includes('dead-letters')).length;
  expect(await rulesWithout("'dead-letters'")).toBe(Object.keys(rules).length - onMessages);
  expect(await rulesWithout("'security-events'")).toBe(0);
});
