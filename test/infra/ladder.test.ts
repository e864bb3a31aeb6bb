import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../tools/bicep/predictions.ts';
import { addedResources } from '../../tools/ladder/added-resources.ts';
import { infra, predictedEntities } from './bicep.ts';
import { hasModule, ofModule } from './present-modules.ts';
import { containerApp, levels, nameOf, ofType, scenario, snapshots, topologies } from './snapshots.ts';

const modules = JSON.parse(await readFile(join(infra, 'observability', 'modules.json'), 'utf8')) as Record<
  string,
  { level: number }
>;
const defaults = JSON.parse(await readFile(join(infra, 'observability', 'defaults.json'), 'utf8'));
const logRules = hasModule('alert-rules')
  ? Object.keys(JSON.parse(await readFile(join(infra, 'observability', 'alert-rules', 'log-rules.json'), 'utf8')))
  : [];

const analyticsRules = hasModule('security-events')
  ? Object.values(
      JSON.parse(
        await readFile(join(infra, 'observability', 'security-events', 'analytics-rules.json'), 'utf8'),
      ) as Record<string, { title: string }>,
    )
  : [];

/** What a module brings to Azure beyond level 1; one that is not named here brings nothing. */
const brought: Record<string, string[]> = {
  'dead-letters': [...ofModule('application-insights', ['diagnosticSettings: operational-logs'])],
  'queue-metrics': [
    'userAssignedIdentities: id-queue-reader',
    ...Object.keys(predictedEntities.queues).map(
      (name) => `roleAssignments: id-queue-reader reads how many messages lie in queue ${name}.`,
    ),
    ...Object.keys(predictedEntities.topics).map(
      (name) => `roleAssignments: id-queue-reader reads how many messages lie in the subscriptions of topic ${name}.`,
    ),
  ],
  dashboards: ['workbooks: Overview of the service'],
  'alert-rules': [
    'actionGroups: ag-page',
    'actionGroups: ag-ticket',
    ...logRules.map((name) => `scheduledQueryRules: ${name}`),
    ...Object.keys(predictedEntities.queues).map((name) => `metricAlerts: backlog-${name}`),
    'metricAlerts: dead-letters-growing',
    'actionRules: maintenance',
    // The identity is there from level 1 where basic-alerts is.
    ...(hasModule('basic-alerts')
      ? []
      : ['roleAssignments: id-rules runs the queries of the alert rules.', 'userAssignedIdentities: id-rules']),
  ],
  'security-events': [
    'workspaces: log-security',
    'tables: log-security/ServiceSecurity_CL',
    'tables: log-security/AzureActivity',
    'onboardingStates: default',
    'dataCollectionRules: dcr-security',
    'diagnosticSettings: security',
    ...analyticsRules.map(({ title }) => `alertRules: ${title} (snapshot)`),
  ],
  'data-export': [
    'storageAccounts: st',
    'dataExports: log/export',
    ...ofModule('security-events', ['dataExports: log-security/export']),
  ],
};

const ofLevels = ['OBSERVABILITY_CONFIG', 'QUEUE_READER_CLIENT_ID', 'SECURITY_LOGS_ENDPOINT', 'SECURITY_LOGS_RULE'];

/** A resource without what a level may change: some variables, and from level 3 on the identity that reads queues. */
const withoutConfig = (resource: Resource) =>
  JSON.parse(JSON.stringify(resource), (key, value) => {
    if (key === 'env') return value.filter(({ name }: { name: string }) => !ofLevels.includes(name));
    return key.includes('/userAssignedIdentities/id-queue-reader-') ? undefined : value;
  });

describe.each(topologies)('in topology %s', (topology) => {
  test.each([2, 3, 4, 5])('level %i adds what its modules bring, and nothing else', (level) => {
    const added = addedResources(scenario(level - 1, topology), scenario(level, topology)).map(nameOf);
    const own = Object.keys(modules).filter((name) => modules[name]?.level === level);
    const apps = ofType(scenario(level, topology), 'Microsoft.App/containerApps').map(nameOf);
    const ofEach: Record<string, string[]> = {
      'alert-rules': apps.map((app) => app.replace('containerApps: ', 'metricAlerts: memory-')),
      'security-events': apps.map(
        (app) => `roleAssignments: ${app.replace('containerApps: ca', 'id')} writes its security events.`,
      ),
    };
    const expected = own.flatMap((name) => [...(brought[name] ?? []), ...(ofEach[name] ?? [])]);
    expect(added.sort()).toEqual(expected.sort());
  });

  test.each([2, 3, 4, 5])(
    'level %i removes and renames nothing, and changes variables of the same image alone',
    (level) => {
      const lower = scenario(level - 1, topology).predictedResources;
      const upper = new Map(scenario(level, topology).predictedResources.map((resource) => [resource.id, resource]));
      for (const resource of lower) {
        const same = upper.get(resource.id);
        expect(same, resource.id).toBeDefined();
        // The workbook shows the level.
        if (same && resource.type !== 'Microsoft.Insights/workbooks')
          expect(withoutConfig(same)).toEqual(withoutConfig(resource));
      }
    },
  );

  test.each(levels)('at level %i every container gets the whole resolved file', (level) => {
    for (const kind of ['app', 'worker'] as const) {
      const app = containerApp(scenario(level, topology), kind);
      if (!app) continue;
      expect(JSON.parse(app.env.OBSERVABILITY_CONFIG ?? '')).toEqual({
        ...defaults,
        level,
        deployment: { ...defaults.deployment, topology },
      });
    }
  });
});

test('the topologies differ in who does what: one app with both roles, or two with one each', () => {
  expect(containerApp(scenario(1, 'single'), 'app')?.env.SERVICE_ROLES).toBe('api,worker');
  expect(containerApp(scenario(1, 'single'), 'worker')).toBeUndefined();
  expect(containerApp(scenario(1, 'split'), 'app')?.env.SERVICE_ROLES).toBe('api');
  expect(containerApp(scenario(1, 'split'), 'worker')?.env.SERVICE_ROLES).toBe('worker');
});

test('going from single to split renames nothing that holds state', () => {
  const kept = [
    'namespaces',
    'queues',
    'workspaces',
    'components',
    'registries',
    'managedEnvironments',
    'containerApps',
  ];
  const single = scenario(5, 'single').predictedResources.filter(({ type }) =>
    kept.includes(type.split('/').at(-1) ?? ''),
  );
  const split = scenario(5, 'split').predictedResources.map(({ id }) => id);
  expect(split).toEqual(expect.arrayContaining(single.map(({ id }) => id)));
});

test('the compiler had nothing to say about any scenario, and every resource is there once', () => {
  for (const [name, { diagnostics, predictedResources }] of Object.entries(snapshots)) {
    expect(diagnostics, name).toEqual([]);
    expect(new Set(predictedResources.map(({ id }) => id)).size, name).toBe(predictedResources.length);
    expect(
      ofType({ predictedResources, diagnostics: [], outputs: {} }, 'Microsoft.Resources/resourceGroups'),
    ).toHaveLength(1);
  }
});
