import { expect, test } from 'vitest';
import { nameRules } from '../../tools/bicep/resource-names.ts';
import { predictedEntities } from './bicep.ts';
import { ofModule } from './present-modules.ts';
import { containerApp, ofType, scenario, snapshots } from './snapshots.ts';

const everywhere = Object.entries(snapshots);
const resources = everywhere.flatMap(([, { predictedResources }]) => predictedResources);
const apps = everywhere.flatMap(([, snapshot]) =>
  (['app', 'worker'] as const).flatMap((kind) => containerApp(snapshot, kind) ?? []),
);

/** The versions that the compiler's reference recommends: stable, and old enough for azd's compiler. */
const apiVersions: Record<string, string> = {
  'Microsoft.Resources/resourceGroups': '2024-11-01',
  'Microsoft.OperationalInsights/workspaces': '2025-02-01',
  'Microsoft.OperationalInsights/workspaces/tables': '2025-07-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2024-11-30',
  'Microsoft.ContainerRegistry/registries': '2025-04-01',
  'Microsoft.ServiceBus/namespaces': '2024-01-01',
  'Microsoft.ServiceBus/namespaces/queues': '2024-01-01',
  'Microsoft.ServiceBus/namespaces/topics': '2024-01-01',
  'Microsoft.ServiceBus/namespaces/topics/subscriptions': '2024-01-01',
  'Microsoft.Network/virtualNetworks': '2024-05-01',
  'Microsoft.App/managedEnvironments': '2025-01-01',
  'Microsoft.App/containerApps': '2025-01-01',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Insights/workbooks': '2023-06-01',
  // The compiler knows no stable one.
  'Microsoft.Portal/dashboards': '2022-12-01-preview',
  // The only stable one is of 2016 and knows no category groups.
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'Microsoft.Insights/activityLogAlerts': '2020-10-01',
  'Microsoft.Insights/scheduledQueryRules': '2023-12-01',
  'microsoft.alertsManagement/smartDetectorAlertRules': '2021-04-01',
  'Microsoft.AlertsManagement/actionRules': '2021-08-08',
  'Microsoft.Consumption/budgets': '2024-08-01',
  'Microsoft.OperationalInsights/workspaces/dataExports': '2025-02-01',
  'Microsoft.SecurityInsights/onboardingStates': '2025-09-01',
  'Microsoft.SecurityInsights/alertRules': '2025-09-01',
  'Microsoft.Insights/dataCollectionRules': '2023-03-11',
  'Microsoft.Storage/storageAccounts': '2024-01-01',
};

test('every name is one that Azure takes, and every type has the version of the reference', () => {
  for (const { type, name, apiVersion } of resources) {
    expect(name, type).toMatch(nameRules[type.toLowerCase()] ?? /^(?!)/);
    expect(apiVersion, type).toBe(apiVersions[type]);
  }
});

test('the group and the apps carry the tags that azd looks for, one service tag in all', () => {
  for (const [name, snapshot] of everywhere) {
    for (const resource of snapshot.predictedResources.filter(({ tags }) => tags))
      expect(resource.tags, name).toMatchObject({ 'azd-env-name': 'snapshot' });
    const hosts = snapshot.predictedResources.filter(({ tags }) => tags?.['azd-service-name'] !== undefined);
    expect(hosts.map(({ name: host, tags }) => [host.startsWith('ca-app-'), tags?.['azd-service-name']])).toEqual([
      [true, 'app'],
    ]);
  }
});

test('every app is told how many replicas all apps together may have', () => {
  for (const [name, snapshot] of everywhere) {
    const own = (['app', 'worker'] as const).flatMap((kind) => containerApp(snapshot, kind) ?? []);
    const together = own.reduce((sum, { template }) => sum + template.scale.maxReplicas, 0);
    for (const { env } of own) expect(env.MAX_REPLICAS, name).toBe(String(together));
  }
});

test('the queues are those of queues.json, with exactly its settings', () => {
  const { queues } = predictedEntities;
  for (const [name, snapshot] of everywhere) {
    const deployed = ofType(snapshot, 'Microsoft.ServiceBus/namespaces/queues').map((queue) => [
      queue.name.split('/')[1],
      queue.properties,
    ]);
    expect(Object.fromEntries(deployed), name).toEqual(queues);
  }
});

test('what Azure cannot change later is the same at every level: tier, duplicate detection, sessions', () => {
  for (const [, snapshot] of everywhere) {
    expect(ofType(snapshot, 'Microsoft.ServiceBus/namespaces')[0]).toMatchObject({
      sku: { name: 'Standard', tier: 'Standard' },
    });
    expect(ofType(snapshot, 'Microsoft.ServiceBus/namespaces/queues')).toEqual(
      ofType(scenario(1, 'single'), 'Microsoft.ServiceBus/namespaces/queues'),
    );
  }
});

test('a network changes the environment and adds itself, at every level: nothing else may wait for it', () => {
  for (const [level, topology] of [
    [1, 'single'],
    [5, 'split'],
  ] as const) {
    const without = new Map(scenario(level, topology).predictedResources.map((one) => [one.id, JSON.stringify(one)]));
    const differs = scenario(level, topology, 'vnet').predictedResources.filter(
      (one) =>
        JSON.stringify(one).replaceAll('\\"network\\":\\"vnet\\"', '\\"network\\":\\"none\\"') !== without.get(one.id),
    );
    expect(differs.map(({ type }) => type).sort()).toEqual([
      'Microsoft.App/managedEnvironments',
      'Microsoft.Network/virtualNetworks',
    ]);
  }
});

interface Subnet {
  name: string;
  properties: { addressPrefix: string; delegations: { properties: { serviceName: string } }[] };
}

test('the environment has a delegated subnet of at least /27 to itself, in all zones and still able to be public', () => {
  const [network] = ofType(scenario(1, 'single', 'vnet'), 'Microsoft.Network/virtualNetworks');
  const subnets = network?.properties?.subnets as Subnet[];
  expect(subnets).toHaveLength(1);
  for (const { properties } of subnets) {
    expect(Number(properties.addressPrefix.split('/')[1])).toBeLessThanOrEqual(27);
    expect(properties.delegations.map((one) => one.properties.serviceName)).toEqual(['Microsoft.App/environments']);
  }
  const [environment] = ofType(scenario(1, 'single', 'vnet'), 'Microsoft.App/managedEnvironments');
  expect(environment?.properties).toMatchObject({
    zoneRedundant: true,
    vnetConfiguration: { infrastructureSubnetId: `${network?.id}/subnets/${subnets[0]?.name}`, internal: false },
  });
});

test('by default there is no network, and no zones, which Azure takes only with one', () => {
  const [environment] = ofType(scenario(1, 'single'), 'Microsoft.App/managedEnvironments');
  expect(environment?.properties?.zoneRedundant).toBe(false);
  expect(environment?.properties).not.toHaveProperty('vnetConfiguration');
  expect(ofType(scenario(4, 'split'), 'Microsoft.Network/virtualNetworks')).toEqual([]);
});

test('the platform waits longer than the service needs: grace for handlers and ten seconds for the flush', () => {
  for (const { env, template } of apps)
    expect(template.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(
      Number(env.SHUTDOWN_GRACE_MS) + 10_000,
    );
});

test('telemetry that was stored outlives a crash of the process', () => {
  for (const { env, template, container } of apps) {
    const [volume] = template.volumes;
    expect(volume?.storageType).toBe('EmptyDir');
    expect(container.volumeMounts).toEqual([{ volumeName: volume?.name, mountPath: env.STATE_DIR }]);
  }
});

test('an app never scales to nothing: a worker at zero cannot tell silence from idleness', () => {
  for (const { template } of apps) expect(template.scale.minReplicas).toBeGreaterThanOrEqual(1);
});

test('the worker scales by the length of every queue and subscription, measured by identity', () => {
  const { queues, topics } = predictedEntities;
  const worker = containerApp(scenario(1, 'split'), 'worker');
  const [namespace] = ofType(scenario(1, 'split'), 'Microsoft.ServiceBus/namespaces');
  const measured = worker?.template.scale.rules.map(({ custom }) => {
    const { queueName, topicName, subscriptionName } = custom?.metadata ?? {};
    return queueName ?? `${topicName}/${subscriptionName}`;
  });
  const subscriptions = Object.entries(topics).flatMap(([topic, settings]) =>
    Object.keys(settings.subscriptions).map((name) => `${topic}/${name}`),
  );
  expect(measured?.toSorted()).toEqual([...Object.keys(queues), ...subscriptions].toSorted());
  for (const { custom } of worker?.template.scale.rules ?? []) {
    expect(custom).toMatchObject({ type: 'azure-servicebus', identity: expect.stringContaining('/id-scaler-') });
    expect(custom?.metadata.namespace).toBe(namespace?.name);
  }
});

test('each app runs with an identity of its own and pulls its image with it', () => {
  for (const { resource, configuration, env } of apps) {
    const kind = /^ca-(\w+)-/.exec(resource.name)?.[1];
    expect(configuration.registries[0]?.identity).toContain(`/id-${kind}-`);
    expect(Object.keys(resource.identity?.userAssignedIdentities ?? {})[0]).toContain(`/id-${kind}-`);
    expect(env.AZURE_CLIENT_ID).toContain(`/id-${kind}-`);
  }
});

test('in telemetry the name of the worker is not that of the app', () => {
  const namesOf = (kind: string) =>
    new Set(apps.flatMap(({ resource, env }) => (resource.name.startsWith(`ca-${kind}-`) ? env.SERVICE_NAME : [])));
  const [app, worker] = [namesOf('app'), namesOf('worker')];
  expect([app.size, worker.size]).toEqual([1, 1]);
  expect(app).not.toEqual(worker);
});

test('the outputs that azd and its users need are there', () => {
  for (const [name, { outputs }] of everywhere) {
    expect(Object.keys(outputs), name).toEqual(
      expect.arrayContaining([
        'AZURE_LOCATION',
        'AZURE_TENANT_ID',
        'AZURE_RESOURCE_GROUP',
        'AZURE_CONTAINER_REGISTRY_ENDPOINT',
        ...ofModule('application-insights', ['APPLICATIONINSIGHTS_CONNECTION_STRING']),
        'SERVICE_APP_NAME',
        'SERVICE_APP_ENDPOINT',
        'DEPLOY_NOTICE',
      ]),
    );
    expect(outputs.ALERTS_NOTICE).toMatch(/The operator is not told/);
  }
});
