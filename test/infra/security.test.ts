import { describe, expect, test } from 'vitest';
import type { Resource, Snapshot } from '../../tools/bicep/predictions.ts';
import { copyInfra, predict, predictedEntities, testWithCompiler } from './bicep.ts';
import { hasModule, ofModule } from './present-modules.ts';
import { containerApp, levels, ofType, publicSnapshots, scenario, snapshots } from './snapshots.ts';

const everywhere = Object.entries(snapshots);
const resources = everywhere.flatMap(([, { predictedResources }]) => predictedResources);
const at = (resource: Resource, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resource.properties);

/** How each kind of resource refuses keys and passwords; an empty list: it has none to refuse. A new kind must be added here. */
const refusals: Record<string, [path: string, value: unknown][]> = {
  'Microsoft.OperationalInsights/workspaces': [['features.disableLocalAuth', true]],
  'Microsoft.Insights/components': [['DisableLocalAuth', true]],
  'Microsoft.ServiceBus/namespaces': [
    ['disableLocalAuth', true],
    ['minimumTlsVersion', '1.2'],
  ],
  'Microsoft.ContainerRegistry/registries': [
    ['adminUserEnabled', false],
    ['anonymousPullEnabled', false],
  ],
  'Microsoft.App/managedEnvironments': [['appLogsConfiguration.destination', 'azure-monitor']],
  'Microsoft.Network/virtualNetworks': [],
  'Microsoft.App/containerApps': [],
  'Microsoft.Resources/resourceGroups': [],
  'Microsoft.OperationalInsights/workspaces/tables': [],
  'Microsoft.ManagedIdentity/userAssignedIdentities': [],
  'Microsoft.ServiceBus/namespaces/queues': [],
  'Microsoft.ServiceBus/namespaces/topics': [],
  'Microsoft.ServiceBus/namespaces/topics/subscriptions': [],
  'Microsoft.Authorization/roleAssignments': [],
  'Microsoft.Insights/diagnosticSettings': [],
  'Microsoft.Insights/actionGroups': [],
  'Microsoft.Insights/metricAlerts': [],
  'Microsoft.Insights/activityLogAlerts': [],
  'Microsoft.Insights/scheduledQueryRules': [],
  'Microsoft.Insights/workbooks': [],
  'Microsoft.Insights/webtests': [],
  'Microsoft.Portal/dashboards': [],
  'microsoft.alertsManagement/smartDetectorAlertRules': [],
  'Microsoft.AlertsManagement/actionRules': [],
  'Microsoft.Consumption/budgets': [],
  'Microsoft.SecurityInsights/onboardingStates': [],
  'Microsoft.SecurityInsights/alertRules': [],
  'Microsoft.Insights/dataCollectionRules': [],
  'Microsoft.OperationalInsights/workspaces/dataExports': [],
  'Microsoft.Storage/storageAccounts': [
    ['allowSharedKeyAccess', false],
    ['allowBlobPublicAccess', false],
    ['minimumTlsVersion', 'TLS1_2'],
  ],
};

test('every resource that could take keys or passwords refuses them', () => {
  const open = Object.values(publicSnapshots).flatMap(({ predictedResources }) => predictedResources);
  for (const resource of [...resources, ...open]) {
    const refusal = refusals[resource.type];
    expect(refusal, `${resource.type} must be judged in this test`).toBeDefined();
    for (const [path, value] of refusal ?? []) expect(at(resource, path), `${resource.name} ${path}`).toBe(value);
  }
});

const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb';
const sender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39';
const receiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0';
const owner = '090c5cfd-751d-490a-894a-3ce6f1109419';
const logReader = '73c42c96-874c-492b-b04d-ab87d138a893';

type Allowed = readonly [
  identity: string,
  role: string,
  scope: string,
  topology: 'both' | 'single' | 'split',
  level: number,
];
const { queues, topics } = predictedEntities;
/** One a queue and one a topic. */
const onEntities = (identity: string, topology: 'both' | 'split', level: number): Allowed[] => [
  ...Object.keys(queues).map(() => [identity, owner, 'queues', topology, level] as const),
  ...Object.keys(topics).map(() => [identity, owner, 'topics', topology, level] as const),
];
const readsLogs = hasModule('basic-alerts') ? 1 : 4;

/** Who, what, on which kind of resource, in which topology and from which level on. Nothing else may be assigned. */
const allowed: readonly Allowed[] = [
  ['app', acrPull, 'registries', 'both', 1],
  ['app', sender, 'namespaces', 'both', 1],
  ['app', receiver, 'namespaces', 'single', 1],
  ['worker', acrPull, 'registries', 'split', 1],
  ['worker', receiver, 'namespaces', 'split', 1],
  ['worker', sender, 'namespaces', 'split', 1],
  ...onEntities('scaler', 'split', 1),
  ...ofModule<Allowed>('application-insights', [
    ['app', metricsPublisher, 'components', 'both', 1],
    ['worker', metricsPublisher, 'components', 'split', 1],
  ]),
  ...ofModule<Allowed>('security-events', [
    ['app', metricsPublisher, 'dataCollectionRules', 'both', 5],
    ['worker', metricsPublisher, 'dataCollectionRules', 'split', 5],
  ]),
  ...ofModule('queue-metrics', onEntities('queue-reader', 'both', 3)),
  ...(['basic-alerts', 'alert-rules'].some(hasModule)
    ? ([['rules', logReader, 'workspaces', 'both', readsLogs]] as const)
    : []),
];

const assigned = (snapshot: Snapshot) =>
  ofType(snapshot, 'Microsoft.Authorization/roleAssignments').map(({ id, properties }) => {
    const identity = /userAssignedIdentities\/id-([\w-]+)-/.exec(String(properties?.principalId))?.[1];
    const role = String(properties?.roleDefinitionId).split('/').at(-1);
    const scope = id.split('/providers/Microsoft.Authorization/')[0]?.split('/').at(-2);
    return `${identity} ${role} ${scope}`;
  });

describe.each(levels)('at level %i', (level) => {
  test.each(['single', 'split'] as const)(
    'in topology %s nobody has a role that the table does not give',
    (topology) => {
      const given = allowed
        .filter(([, , , where, from]) => (where === 'both' || where === topology) && from <= level)
        .map(([identity, role, scope]) => `${identity} ${role} ${scope}`);
      expect(assigned(scenario(level, topology)).sort()).toEqual(given.sort());
    },
  );
});

const none = { routes: false, handlers: false, apiSends: false, workerSends: false };
const single = (level: number) => `{ level: ${level} }`;
const split = (level: number) => `{ level: ${level}, deployment: { topology: 'split' } }`;
type Given = readonly [what: string, does: Partial<typeof none>, config: string, roles: readonly string[]];

const cases: readonly Given[] = [
  ['a worker that sends nothing at level 1', { routes: true, handlers: true }, split(1), [`worker ${receiver}`]],
  ...ofModule<Given>('dead-letters', [
    [
      'a worker that only retries, from level 2 on',
      { routes: true, handlers: true },
      split(2),
      [`worker ${receiver}`, `worker ${sender}`],
    ],
    ['handlers alone that retry, in one app', { handlers: true }, single(2), [`app ${receiver}`, `app ${sender}`]],
  ]),
  [
    'handlers that send, behind routes that do not',
    { routes: true, handlers: true, workerSends: true },
    split(1),
    [`worker ${receiver}`, `worker ${sender}`],
  ],
  [
    'routes that send, before handlers that do not',
    { routes: true, handlers: true, apiSends: true },
    split(1),
    [`app ${sender}`, `worker ${receiver}`],
  ],
  ['handlers alone, in one app', { handlers: true }, single(1), [`app ${receiver}`]],
  ['routes that send, in one app', { routes: true, apiSends: true }, single(1), [`app ${sender}`]],
  ['routes that send, at level 2: nobody retries', { routes: true, apiSends: true }, single(2), [`app ${sender}`]],
  ['no business that has to do with messages', { routes: true }, single(2), []],
];
for (const [what, does, config, roles] of cases) {
  testWithCompiler(`who sends and who receives follows from the businesses: ${what}`, async (compiler) => {
    const folder = await copyInfra({ 'infra/workload/businesses.json': JSON.stringify({ ...none, ...does }) });
    const found = assigned(await predict(compiler, folder, { config })).filter((line) => line.endsWith(' namespaces'));
    expect(found.sort()).toEqual(roles.map((role) => `${role} namespaces`));
  });
}

const group = '11111111-2222-3333-4444-555555555555';
const monitoringReader = '43d0d8ad-25c7-4714-9337-8ba259a9fe05';
const toPeople = (snapshot: Snapshot) =>
  ofType(snapshot, 'Microsoft.Authorization/roleAssignments').filter(
    ({ properties }) => properties?.principalType !== 'ServicePrincipal',
  );

testWithCompiler(
  'operators get what the runbooks need and nothing else, each role with its reason',
  async (compiler) => {
    const config = `{ level: 1, deployment: { operators: '${group}' } }`;
    const snapshot = await predict(compiler, await copyInfra(), { config });
    const given = toPeople(snapshot).map(({ id, properties }) => {
      expect(properties).toMatchObject({ principalId: group, principalType: 'Group' });
      const scope = id.split('/providers/Microsoft.Authorization/')[0]?.split('/').at(-2);
      return [String(properties?.roleDefinitionId).split('/').at(-1), scope, properties?.description];
    });
    expect(given.sort()).toEqual([
      [
        metricsPublisher,
        'resourceGroups',
        'A replay or a purge by an operator is told to Application Insights, with the name of its actor.',
      ],
      [monitoringReader, 'resourceGroups', 'Operators read the metrics, logs and alerts that the runbooks begin with.'],
      [receiver, 'namespaces', 'Operators list, explain and purge dead letters.'],
      [sender, 'namespaces', 'Operators replay dead letters: a replay sends a copy.'],
    ]);
    expect(snapshot.outputs.OPERATORS_NOTICE).toContain(group);
  },
);

testWithCompiler('operators of a service without queues get no role on messages', async (compiler) => {
  const folder = await copyInfra({
    'infra/queues.json': '{ "queues": {}, "topics": {} }',
    'infra/workload/businesses.json': JSON.stringify({ ...none, routes: true }),
  });
  const snapshot = await predict(compiler, folder, { config: `{ level: 1, deployment: { operators: '${group}' } }` });
  expect(toPeople(snapshot).map(({ properties }) => String(properties?.roleDefinitionId).split('/').at(-1))).toEqual([
    monitoringReader,
    metricsPublisher,
  ]);
});

test('without a group no person gets a role, and an output says what that means', () => {
  for (const [name, snapshot] of everywhere) {
    expect(toPeople(snapshot), name).toEqual([]);
    expect(snapshot.outputs.OPERATORS_NOTICE, name).toMatch(
      /gives no person the roles to list or replay dead letters, and an Owner .* has none/,
    );
  }
});

test('every role of the service is given to a service principal, with its reason', () => {
  for (const { properties } of resources.filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')) {
    expect(properties?.principalType).toBe('ServicePrincipal');
    expect(String(properties?.description)).toMatch(/^id-.{15,}\.$/);
  }
});

test('the identity of the scaler is for the platform: no code in the container can use it', () => {
  const worker = containerApp(scenario(1, 'split'), 'worker');
  const scaler = worker?.template.scale.rules[0]?.custom?.identity;
  expect(scaler).toMatch(/id-scaler-/);
  expect(worker?.configuration.identitySettings).toEqual([{ identity: scaler, lifecycle: 'None' }]);
});

test('what only Azure knows is asked of few kinds of resource and is never a key', () => {
  const asked =
    /\[.*reference\('[^']+\/(userAssignedIdentities|registries|namespaces|components|containerApps|dataCollectionRules)\/[^']+', '[\d-]+'\)\.(principalId|immutableId|endpoints\.logsIngestion|clientId|loginServer|serviceBusEndpoint|ConnectionString|configuration\.ingress\.fqdn)/;
  for (const [name, snapshot] of everywhere) {
    JSON.stringify(snapshot, (_key, value) => {
      if (typeof value === 'string' && value.startsWith('[') && value !== '[tenant().tenantId]')
        expect(value, name).toMatch(asked);
      return value;
    });
    expect(JSON.stringify(snapshot)).not.toMatch(/listKeys\(|listCredentials\(|SharedAccessKey|AccountKey|primaryKey/i);
  }
});

test('no output looks like a secret', () => {
  for (const [name, { outputs }] of everywhere) {
    for (const [key, value] of Object.entries(outputs)) {
      expect(key, name).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(`${key} ${String(value)}`, name).not.toMatch(/password|secret|_KEY\b|SharedAccess/i);
    }
  }
});

test('the service is reachable from inside its environment only, and never without encryption', () => {
  for (const [name, snapshot] of everywhere) {
    expect(containerApp(snapshot, 'app')?.configuration.ingress, name).toMatchObject({
      external: false,
      allowInsecure: false,
    });
    expect(containerApp(snapshot, 'worker')?.configuration.ingress ?? null, name).toBeNull();
  }
});

test('of a public service the app alone is reachable from the internet, and never without encryption', () => {
  for (const [name, snapshot] of Object.entries(publicSnapshots)) {
    expect(containerApp(snapshot, 'app')?.configuration.ingress, name).toMatchObject({
      external: true,
      allowInsecure: false,
    });
    expect(containerApp(snapshot, 'worker')?.configuration.ingress ?? null, name).toBeNull();
  }
});

test('a public service with operators differs from the default in what both ask for, and in nothing else', () => {
  for (const topology of ['single', 'split']) {
    const known = new Set(scenario(5, topology).predictedResources.map(({ id }) => id));
    const more = publicSnapshots[`level-5-${topology}-public`]?.predictedResources.filter(({ id }) => !known.has(id));
    expect(more?.map(({ type, name }) => (type.endsWith('roleAssignments') ? type : `${type} ${name}`)).sort()).toEqual(
      [
        ...Array(hasModule('security-events') ? 5 : 4).fill('Microsoft.Authorization/roleAssignments'),
        ...ofModule('alert-rules', [
          'Microsoft.Insights/metricAlerts availability-snapshot',
          'Microsoft.Insights/webtests availability',
        ]),
      ],
    );
  }
});
