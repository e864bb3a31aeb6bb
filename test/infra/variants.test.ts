import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copyInfra, infra, predict, predictedEntities, testWithCompiler } from './bicep.ts';
import { containerApp, nameOf, ofType } from './snapshots.ts';

const names = (snapshot: Parameters<typeof ofType>[0]) => snapshot.predictedResources.map(nameOf);

testWithCompiler(
  'a public service without a token issuer is refused with a sentence that says what to do',
  async (compiler) => {
    const folder = await copyInfra();
    const refused = predict(compiler, folder, { config: '{ level: 1, deployment: { public: true } }' });
    await expect(refused).rejects.toThrow(
      /lacks the issuer, so that any caller could call: name it, or set deployment\.allowAnonymous/,
    );
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

testWithCompiler('both apps run the image that azd has pushed, from the first revision', async (compiler) => {
  const config = "{ level: 1, deployment: { topology: 'split' } }";
  const snapshot = await predict(compiler, await copyInfra(), { config, image: "'cr1.azurecr.io/app:7'" });
  for (const kind of ['app', 'worker'] as const)
    expect(containerApp(snapshot, kind)?.container.image).toBe('cr1.azurecr.io/app:7');
});

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
