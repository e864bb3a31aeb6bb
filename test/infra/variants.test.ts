import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import fixtureWork from '../fixture-business/businesses.json' with { type: 'json' };
import { copyInfra, infra, predict, predictedEntities, testWithCompiler } from './bicep.ts';
import { containerApp, nameOf, ofType } from './snapshots.ts';

const names = (snapshot: Parameters<typeof ofType>[0]) => snapshot.predictedResources.map(nameOf);

testWithCompiler(
  'a public service without a token issuer or without roles is refused with a sentence that says what to do',
  async (compiler) => {
    const folder = await copyInfra();
    const refused = predict(compiler, folder, { config: '{ level: 1, deployment: { public: true } }' });
    await expect(refused).rejects.toThrow(
      /lacks the issuer, so that any caller could call: name it, or set deployment\.allowAnonymous/,
    );
    const tokens = "{ issuer: 'https://login.example.com', audience: 'api' }";
    const open = predict(compiler, folder, {
      config: `{ level: 1, modules: { add: ['bearer-tokens'] }, deployment: { public: true, tokens: ${tokens} } }`,
    });
    await expect(open).rejects.toThrow(/lacks the roles, so that every application of the tenant could call: name it/);
  },
);

testWithCompiler(
  'a public service may go without tokens when the file says so, and an output says it too',
  async (compiler) => {
    const folder = await copyInfra();
    const open = await predict(compiler, folder, {
      config: '{ level: 1, deployment: { public: true, allowAnonymous: true } }',
    });
    expect(open.outputs.ACCESS_NOTICE).toMatch(/any caller can send/);
    expect(containerApp(open, 'app')?.configuration.ingress?.external).toBe(true);
    const tokens = "{ issuer: 'https://login.example.com', audience: 'api', roles: ['Orders.Send'] }";
    const guarded = await predict(compiler, folder, {
      config: `{ level: 1, modules: { add: ['bearer-tokens'] }, deployment: { public: true, tokens: ${tokens} } }`,
    });
    expect(guarded.outputs.ACCESS_NOTICE).toMatch(/asks for tokens with one of the roles/);
  },
);

testWithCompiler(
  'the availability test exists where the service is public, as often and from as many places as the file says',
  async (compiler) => {
    const folder = await copyInfra();
    const deployment = '{ public: true, allowAnonymous: true, availabilityTest: { everyMinutes: 5, locations: 1 } }';
    const snapshot = await predict(compiler, folder, { config: `{ level: 4, deployment: ${deployment} }` });
    const [webtest] = ofType(snapshot, 'Microsoft.Insights/webtests');
    const [component] = ofType(snapshot, 'Microsoft.Insights/components');
    expect(webtest).toMatchObject({
      kind: 'standard',
      properties: { Kind: 'standard', Frequency: 300, Enabled: true },
    });
    expect(webtest?.properties?.Locations).toHaveLength(1);
    expect(webtest?.tags?.[`hidden-link:${component?.id}`]).toBe('Resource');
    const alert = ofType(snapshot, 'Microsoft.Insights/metricAlerts').find(
      ({ name }) => name === 'availability-snapshot',
    );
    expect(alert?.properties).toMatchObject({
      severity: 0,
      criteria: { webTestId: webtest?.id, failedLocationCount: 1 },
    });
    const quiet = await predict(compiler, folder, { config: '{ level: 4 }' });
    expect(ofType(quiet, 'Microsoft.Insights/webtests')).toEqual([]);
  },
);

testWithCompiler(
  'a module whose needs are off stops the deployment, with every fault in one message',
  async (compiler) => {
    const folder = await copyInfra();
    const config = "{ level: 1, modules: { remove: ['application-insights'] }, deployment: { public: true } }";
    await expect(predict(compiler, folder, { config })).rejects.toThrow(
      /any caller could call.*basic-alerts is on and application-insights, which it needs, is off/,
    );
  },
);

testWithCompiler(
  'a service can go without telemetry altogether: no workspace, no connection string, nothing that refers to them',
  async (compiler) => {
    const modules = JSON.parse(await readFile(join(infra, 'observability', 'modules.json'), 'utf8')) as Record<
      string,
      { level: number }
    >;
    const first = Object.keys(modules).filter((name) => modules[name]?.level === 1 && name !== 'health-probes');
    const config = `{ level: 1, modules: { remove: [${first.map((name) => `'${name}'`).join(', ')}] } }`;
    const snapshot = await predict(compiler, await copyInfra(), { config });
    expect(containerApp(snapshot, 'app')?.env.APPLICATIONINSIGHTS_CONNECTION_STRING).toBe('');
    expect(JSON.stringify(snapshot)).not.toMatch(/OperationalInsights|Microsoft\.Insights/);
  },
);

testWithCompiler('without an image the apps are refused with a sentence', async (compiler) => {
  const refused = predict(compiler, await copyInfra(), { config: '{ level: 1 }', image: "''" });
  await expect(refused).rejects.toThrow(/There is no image to run: "azd deploy" builds one and names it/);
});

testWithCompiler(
  'both apps run the image that azd has pushed, and its probes from the first revision',
  async (compiler) => {
    const config = "{ level: 1, deployment: { topology: 'split' } }";
    const snapshot = await predict(compiler, await copyInfra(), { config, image: "'cr1.azurecr.io/app:7'" });
    for (const kind of ['app', 'worker'] as const) {
      const app = containerApp(snapshot, kind);
      expect(app?.container.image).toBe('cr1.azurecr.io/app:7');
      expect(app?.container.probes.map(({ type, httpGet }) => `${type} ${httpGet?.path}`)).toEqual([
        'Startup /health/live',
        'Liveness /health/live',
        'Readiness /health/ready',
      ]);
    }
  },
);

testWithCompiler(
  'a budget is created once and never changed, and without an amount there is none',
  async (compiler) => {
    const folder = await copyInfra();
    const none = await predict(compiler, folder, { config: '{ level: 1 }' });
    expect(ofType(none, 'Microsoft.Consumption/budgets')).toEqual([]);
    expect(none.outputs.BUDGET_NOTICE).toMatch(/There is no budget/);
    const given = await predict(compiler, folder, { config: '{ level: 1, cost: { monthlyBudget: 7 } }' });
    expect(ofType(given, 'Microsoft.Consumption/budgets')[0]?.properties).toMatchObject({
      amount: 7,
      timePeriod: { startDate: '2026-01-01' },
    });
    expect(given.outputs.BUDGET_NOTICE).toMatch(/delete the budget "monthly" of the resource group first/);
    const { contents } = await compiler.compile(join(folder, 'infra', 'observability', 'basic-alerts', 'budget.bicep'));
    expect(JSON.parse(contents ?? '').resources.budget['@options']).toHaveProperty('onlyIfNotExists');
  },
);

testWithCompiler('a variable of a business that is not set stops the deployment and is named', async (compiler) => {
  const refused = predict(compiler, await copyInfra(), {
    config: '{ level: 1 }',
    settings: "{ PARCELS_DEPOT_URL: '' }",
  });
  await expect(refused).rejects.toThrow(/PARCELS_DEPOT_URL is not set: run "azd env set PARCELS_DEPOT_URL <value>"/);
});

testWithCompiler(
  'a topic gets its subscriptions, a scale rule for each, and the scaler a role on it',
  async (compiler) => {
    const subscription = { lockDuration: 'PT1M', maxDeliveryCount: 10 };
    const folder = await copyInfra({
      'infra/queues.json': JSON.stringify({
        ...predictedEntities,
        topics: { orders: { requiresDuplicateDetection: true, subscriptions: { billing: subscription } } },
      }),
    });
    const snapshot = await predict(compiler, folder, { config: "{ level: 1, deployment: { topology: 'split' } }" });
    expect(ofType(snapshot, 'Microsoft.ServiceBus/namespaces/topics')[0]?.properties).toEqual({
      requiresDuplicateDetection: true,
    });
    expect(ofType(snapshot, 'Microsoft.ServiceBus/namespaces/topics/subscriptions')[0]?.properties).toEqual(
      subscription,
    );
    const rules = containerApp(snapshot, 'worker')?.template.scale.rules.map(({ custom }) => custom?.metadata);
    expect(rules).toContainEqual(expect.objectContaining({ topicName: 'orders', subscriptionName: 'billing' }));
    expect(names(snapshot)).toContain(
      'roleAssignments: id-scaler reads how many messages lie in the subscriptions of topic orders.',
    );
  },
);

testWithCompiler(
  'a variable that a business does not require may be empty, and is left out of the apps',
  async (compiler) => {
    const folder = await copyInfra({
      'infra/workload/business-settings.json':
        '{ "PARCELS_DEPOT_URL": { "required": true }, "PARCELS_NOTE": { "required": false } }',
    });
    const settings = "{ PARCELS_DEPOT_URL: 'https://depots.example.com', PARCELS_NOTE: '' }";
    const app = containerApp(await predict(compiler, folder, { config: '{ level: 1 }', settings }), 'app');
    expect(app?.env.PARCELS_DEPOT_URL).toBe('https://depots.example.com');
    expect(app?.env).not.toHaveProperty('PARCELS_NOTE');
  },
);

testWithCompiler('a misspelt setting of a queue is refused before anything is predicted', async (compiler) => {
  const { queues, topics } = predictedEntities;
  const misspelt = { ...queues, parcels: { ...queues.parcels, maxDeliveryCuont: 5 } };
  const folder = await copyInfra({ 'infra/queues.json': JSON.stringify({ queues: misspelt, topics }) });
  await expect(predict(compiler, folder, { config: '{ level: 1 }' })).rejects.toThrow(/maxDeliveryCuont/);
});

testWithCompiler('the modules of level 2 bring the log of the namespace and the right to retry', async (compiler) => {
  const path = join('observability', 'modules.json');
  const modules = JSON.parse(await readFile(join(infra, path), 'utf8'));
  const needs = ['application-insights'];
  const folder = await copyInfra({
    [join('infra', path)]: JSON.stringify({
      ...modules,
      'dead-letters': { level: 2, needs },
    }),
    'infra/workload/businesses.json': JSON.stringify({ ...fixtureWork, workerSends: false }),
  });
  const topology = "deployment: { topology: 'split' }";
  const lower = names(await predict(compiler, folder, { config: `{ level: 1, ${topology} }` }));
  const upper = await predict(compiler, folder, { config: `{ level: 2, ${topology} }` });
  expect(
    names(upper)
      .filter((name) => !lower.includes(name))
      .sort(),
  ).toEqual(['diagnosticSettings: operational-logs', 'roleAssignments: id-worker schedules the copy that is a retry.']);
  const settings = ofType(upper, 'Microsoft.Insights/diagnosticSettings');
  expect(settings.find(({ name }) => name === 'operational-logs')?.properties).toMatchObject({
    logAnalyticsDestinationType: 'Dedicated',
    logs: [{ category: 'OperationalLogs', enabled: true }],
  });
});

testWithCompiler(
  'a rule whose signals are off is left out and a question without them is hidden, and nothing else changes',
  async (compiler) => {
    const folder = await copyInfra();
    // It needs custom-events.
    const withAll = "{ level: 4, modules: { remove: ['queue-metrics'] } }";
    const all = names(await predict(compiler, folder, { config: withAll }));
    const lesser = await predict(compiler, folder, {
      config: "{ level: 4, modules: { remove: ['custom-events', 'queue-metrics'] } }",
    });
    const some = names(lesser);
    const workbook = String(ofType(lesser, 'Microsoft.Insights/workbooks')[0]?.properties?.serializedData);
    expect(JSON.stringify(JSON.parse(workbook))).toMatch(/"name":"On_custom_events"[^}]*"value":"off"/);
    expect(all.filter((name) => !some.includes(name))).toEqual([
      'scheduledQueryRules: consumer-stalled',
      'scheduledQueryRules: message-latency',
    ]);
  },
);

testWithCompiler('a name in double braces that the file does not have stops the deployment', async (compiler) => {
  const path = join('observability', 'alert-rules', 'log-rules.json');
  const rules = (await readFile(join(infra, path), 'utf8')).replaceAll(
    '{{slo.messageLatencySeconds}}',
    '{{slo.messageLatency}}',
  );
  const folder = await copyInfra({ [join('infra', path)]: rules });
  await expect(predict(compiler, folder, { config: '{ level: 4 }' })).rejects.toThrow(
    /names a value that observability\.json does not have/,
  );
});

testWithCompiler(
  'planned work silences the telling for its time, and silence without an end is refused',
  async (compiler) => {
    const folder = await copyInfra();
    const maintenanceFrom = "'2026-01-31T20:00:00'";
    const planned = await predict(compiler, folder, {
      config: '{ level: 4 }',
      maintenanceFrom,
      maintenanceUntil: "'2026-01-31T22:00:00'",
    });
    const [rule] = ofType(planned, 'Microsoft.AlertsManagement/actionRules');
    expect(rule?.properties).toMatchObject({
      enabled: true,
      schedule: { effectiveFrom: '2026-01-31T20:00:00', effectiveUntil: '2026-01-31T22:00:00', timeZone: 'UTC' },
    });
    await expect(predict(compiler, folder, { config: '{ level: 4 }', maintenanceFrom })).rejects.toThrow(
      /silence without an end/,
    );
  },
);

testWithCompiler('whole megabytes become the fraction of a gigabyte that Azure wants', async (compiler) => {
  const snapshot = await predict(compiler, await copyInfra(), {
    config: '{ level: 1, cost: { dailyCapMb: 1023 } }',
  });
  const [workspace] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
  expect(workspace?.properties?.workspaceCapping).toEqual({ dailyQuotaGb: 1.023 });
});

testWithCompiler(
  'the key of personal data reaches every container as a secret of its app, and nothing names it without one',
  async (compiler) => {
    const folder = await copyInfra();
    const config = "{ level: 3, deployment: { topology: 'split' } }";
    const keyed = { config, hasPersonalDataKey: 'true', personalDataKey: "'k123'" };
    for (const app of ['app', 'worker'] as const) {
      const { configuration, template } = containerApp(await predict(compiler, folder, keyed), app) ?? {};
      expect(configuration?.secrets).toMatchObject([{ name: 'personal-data-key' }]);
      expect(template?.containers[0]?.env).toContainEqual({
        name: 'PERSONAL_DATA_KEY',
        secretRef: 'personal-data-key',
      });
      expect(JSON.stringify(template)).not.toContain('k123');
      const without = containerApp(await predict(compiler, folder, { config }), app);
      expect(without?.configuration.secrets).toEqual([]);
      expect(JSON.stringify(without)).not.toContain('PERSONAL_DATA_KEY');
    }
  },
);
