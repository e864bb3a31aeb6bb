import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import type { Resource, Snapshot } from '../../tools/bicep/predictions.ts';
import { rehearse } from '../../tools/bicep/rehearse.ts';
import { oneAfterOther } from '../../tools/bicep/template-order.ts';
import { infra } from './bicep.ts';
import { hasModule, ofModule } from './present-modules.ts';
import { publicSnapshots, scenario, snapshots } from './snapshots.ts';

const read = async (name: string) => JSON.parse(await readFile(join(infra, `${name}.json`), 'utf8'));
const [main, app] = [await read('main'), await read('app')];
const template = oneAfterOther(main, app);
const checkKql = createKqlChecker(
  JSON.parse(await readFile(join(infra, 'observability', 'log-analytics-schema.json'), 'utf8')),
);
const rehearsed = (snapshot: Snapshot, of = template) => rehearse({ snapshot, template: of, checkKql });

/** A prediction with one change. */
const changed = (change: (resources: Resource[]) => unknown): Snapshot => {
  const copy = structuredClone(scenario(4, 'split'));
  change(copy.predictedResources);
  return copy;
};
const the = (resources: Resource[], type: string, name = '') => {
  const found = resources.find((resource) => resource.type.endsWith(type) && resource.name.includes(name));
  if (!found) throw new Error(`There is no ${type} ${name}.`);
  return found;
};
const without = (resources: Resource[], type: string, name: string) =>
  resources.splice(resources.indexOf(the(resources, type, name)), 1);

test.each(Object.entries({ ...snapshots, ...publicSnapshots }))(
  '%s can be deployed: everything needed exists, comes before, and is named as Azure wants',
  (_name, snapshot) => {
    const { order, faults } = rehearsed(snapshot);
    expect(faults).toEqual([]);
    expect(order).toHaveLength(snapshot.predictedResources.length);
  },
);

test('an app is created after its identity, its roles, its environment and the image registry', () => {
  const { order } = rehearsed(scenario(1, 'split'));
  const at = (type: string, name = '') => order.indexOf(the(order, type, name));
  const worker = at('containerApps', 'ca-worker');
  for (const before of [
    at('userAssignedIdentities', 'id-worker'),
    at('managedEnvironments'),
    at('registries'),
    ...ofModule('application-insights', ['/components']).map((type) => at(type)),
  ])
    expect(worker).toBeGreaterThan(before);
  const roles = order.flatMap(({ type, properties }, i) =>
    type.endsWith('roleAssignments') && String(properties?.principalId).includes('id-worker') ? [i] : [],
  );
  expect(roles.length).toBeGreaterThan(0);
  for (const role of roles) expect(worker).toBeGreaterThan(role);
});

/** Of a log rule of level 1. */
const criterionOf = (resources: Resource[]): object => {
  const { criteria } = the(resources, 'scheduledQueryRules', 'restarts').properties as {
    criteria: { allOf: object[] };
  };
  return criteria.allOf[0] ?? {};
};

type Breakage = [what: string, change: (resources: Resource[]) => unknown, fault: RegExp];
const breakages: readonly Breakage[] = [
  [
    'a reference to what nobody creates',
    (all) => without(all, 'userAssignedIdentities', 'id-worker'),
    /ca-worker-\w+: needs .*id-worker-\w+, which no template creates/,
  ],
  [
    'a child without its parent',
    (all) => without(all, 'Microsoft.ServiceBus/namespaces', ''),
    /\/parcels: needs .*, which no template creates/,
  ],
  [
    'a name that Azure refuses',
    (all) => (the(all, 'registries').name = 'cr-with-hyphen'),
    /registries cr-with-hyphen: is not a name that Azure takes/,
  ],
  ['two resources of one id', (all) => all.push(structuredClone(the(all, 'registries'))), /same id/],
  ...ofModule<Breakage>('basic-alerts', [
    [
      'a role for nobody',
      (all) => without(all, 'userAssignedIdentities', 'id-rules'),
      /roleAssignments .*: gives a role to no identity/,
    ],
    [
      'a resource that the template does not have',
      (all) => (the(all, 'metricAlerts', 'throttled').type = 'Microsoft.Insights/webtests'),
      /is not in the compiled template/,
    ],
    [
      'a rule that asks something else than a workspace',
      (all) =>
        ((the(all, 'scheduledQueryRules').properties as { scopes: string[] }).scopes = [
          the(all, 'Microsoft.Insights/components').id,
        ]),
      /does not ask exactly one workspace/,
    ],
    [
      'a query that Azure refuses',
      (all) => Object.assign(criterionOf(all), { query: 'AppEvents | where Nmae == ""' }),
      /restarts: line 1: .*Nmae/,
    ],
    [
      'a measure that the query does not have',
      (all) => Object.assign(criterionOf(all), { metricMeasureColumn: 'share' }),
      /restarts: its query has no column share/,
    ],
    [
      'a metric of another resource',
      (all) =>
        ((the(all, 'metricAlerts', 'throttled').properties as { scopes: string[] }).scopes = [
          the(all, 'Microsoft.Insights/components').id,
        ]),
      /throttled-snapshot: the metric ThrottledRequests is not one of its scope/,
    ],
  ]),
];
test.each(breakages)('the rehearsal notices %s', (_what, change, fault) => {
  expect(rehearsed(changed(change)).faults.join('\n')).toMatch(fault);
});

test('the rehearsal takes a role for a group of people, whom no template creates', () => {
  const forPeople = (principalType: string) =>
    changed((all) => {
      const role = all.find(({ properties }) => /^id-worker/.test(String(properties?.description)));
      Object.assign(role?.properties ?? {}, { principalId: '11111111-2222-3333-4444-555555555555', principalType });
    });
  expect(rehearsed(forPeople('Group')).faults).toEqual([]);
  expect(rehearsed(forPeople('ServicePrincipal')).faults.join('\n')).toMatch(/gives a role to no identity/);
});

test('the rehearsal notices a subnet that no network declares', () => {
  const copy = structuredClone(scenario(1, 'single', 'vnet'));
  Object.assign(the(copy.predictedResources, 'virtualNetworks').properties ?? {}, { subnets: [{ name: 'other' }] });
  expect(rehearsed(copy).faults.join('\n')).toMatch(/cae-\w+: needs .*\/subnets\/apps, which no template creates/);
});

test('the rehearsal notices what does not wait: the apps for main.bicep, the alerts for what they watch', () => {
  const hasty = structuredClone(template);
  hasty.resources.afterwards.dependsOn = [];
  expect(rehearsed(scenario(1, 'split'), hasty).faults.join('\n')).toMatch(
    /ca-worker-\w+: needs Microsoft\.Authorization\/roleAssignments .* and does not wait for it/,
  );
  if (!hasModule('basic-alerts')) return;
  const early = structuredClone(main);
  early.resources.basicAlerts.dependsOn = ['group'];
  expect(rehearsed(scenario(1, 'split'), oneAfterOther(early, app)).faults.join('\n')).toMatch(
    /throttled-snapshot: needs Microsoft\.ServiceBus\/namespaces .* and does not wait for it/,
  );
});
