import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillConfiguration } from './configuration.ts';
import { deployedRules } from './deployed-rules.ts';
import { fillQuery } from './query-values.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const entities = JSON.parse(await readFile(join(root, 'test/fixture-business/queues.json'), 'utf8'));

interface Predicted {
  id: string;
  type: string;
  name: string;
  properties: {
    actions: { actionGroups: string[] } | { actionGroupId: string }[];
    criteria: { componentId?: string; webTestId?: string; [key: string]: unknown };
    scopes: string[];
    template?: { containers: { env: { name: string; value?: string }[] }[] };
    [key: string]: unknown;
  };
}

const scenarios = (await readdir(join(root, 'infra/snapshots')))
  .filter((file) => file.endsWith('.bicepparam') && !file.includes('.app.'))
  .map((file) => basename(file, '.bicepparam'))
  .sort();
const modules = JSON.parse(await readFile(join(root, 'infra/observability/modules.json'), 'utf8'));

const lastOf = (id = '') => id.split('/').at(-1);
const groupOf = (actions: Predicted['properties']['actions']) =>
  lastOf(Array.isArray(actions) ? actions[0]?.actionGroupId : actions.actionGroups[0]);

/** What the compiler predicts of the alerts of a scenario, without the ids of other resources. */
async function predicted(scenario: string) {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(root, 'infra/snapshots', `${name}.snapshot.json`), 'utf8')).predictedResources;
  const all: Predicted[] = [...(await read(scenario)), ...(await read(`${scenario}.app`))];
  const rules = all
    .filter(({ type }) => /^Microsoft.Insights\/(scheduledQueryRules|metricAlerts)$/i.test(type))
    .map(({ type, name, properties: { actions, scopes, criteria, ...rest } }) => {
      const { componentId, webTestId, ...conditions } = criteria;
      const target = scopes[0]?.split('/').slice(-3, -1).join('/');
      const properties = { ...rest, criteria: conditions };
      return { kind: lastOf(type), name, target, group: groupOf(actions), properties };
    });
  const analytics = all
    .filter(({ type }) => type === 'Microsoft.SecurityInsights/alertRules')
    .map(({ id, properties }) => ({
      kind: 'alertRules',
      // A GUID names the resource; its runbook names the rule.
      name: /([\w-]+)\.md$/.exec(String(properties.description))?.[1] ?? '',
      target: id.split('/providers/')[1]?.split('/').slice(0, 2).join('/'),
      group: 'Microsoft Sentinel',
      properties,
    }));
  return {
    rules: sorted([...rules, ...analytics]),
    apps: all.filter(({ type }) => type === 'Microsoft.App/containerApps'),
  };
}

/** What telemetry calls an app: `npm run init` names it. */
const roleOf = ({ properties }: Predicted): string =>
  properties.template?.containers[0]?.env.find(({ name }) => name === 'SERVICE_NAME')?.value ?? '';

const sorted = <Named extends { name: string }>(rules: readonly Named[]): Named[] =>
  rules.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The file of the scenario says what it deploys, in Bicep's own notation. */
async function configurationOf(scenario: string) {
  const text = await readFile(join(root, 'infra/snapshots', `${scenario}.bicepparam`), 'utf8');
  const level = Number(/level: (\d)/.exec(text)?.[1]);
  const topology = /topology: '(\w+)'/.exec(text)?.[1] ?? 'single';
  const isPublic = /public: true/.test(text);
  return fillConfiguration(root, { level, deployment: { topology, public: isPublic } });
}

describe.each(scenarios)('in the scenario %s', (scenario) => {
  test('the rules that are evaluated are those that Bicep deploys, property by property', async () => {
    const configuration = await configurationOf(scenario);
    const { rules, apps } = await predicted(scenario);
    const ours = deployedRules({
      root,
      configuration,
      entities,
      environment: 'snapshot',
      apps: apps.map(({ name }) => name).sort(),
      roles: apps.map(roleOf).sort((a, b) => Number(a.endsWith('worker')) - Number(b.endsWith('worker'))),
    });
    expect(
      sorted(ours.map(({ kind, name, target, group, properties }) => ({ kind, name, target, group, properties }))),
    ).toEqual(rules);
    expect(rules.length > 0).toBe(Object.hasOwn(modules, 'basic-alerts'));
  });
});

test.runIf(Object.hasOwn(modules, 'alert-rules'))(
  'a rule whose signals come from a module that is off is left out',
  () => {
    const ofMessages = ['custom-events', 'queue-metrics', 'heartbeat'].filter((name) => Object.hasOwn(modules, name));
    const rulesWithout = (...remove: string[]) =>
      deployedRules({
        ...{ root, entities, environment: 'snapshot', apps: ['app'], roles: ['app'] },
        configuration: fillConfiguration(root, { level: 4, modules: { add: [], remove } }),
      }).map(({ name }) => name.replace(/^snapshot[^a-z]*/, ''));
    const left = rulesWithout(...ofMessages);
    const gone = rulesWithout().filter((name) => !left.includes(name));
    expect(gone.length > 0).toBe(ofMessages.length > 0);
    expect(left.filter((name) => /^(consumer|message|heartbeat|retry|job)/.test(name))).toEqual([]);
  },
);

test('a query that names a value which does not exist is refused', () => {
  expect(() => fillQuery('T | where Ms > {{slo.latency}}', { 'slo.latencyMs': '500' })).toThrow(/\{\{slo\.latency\}\}/);
});
