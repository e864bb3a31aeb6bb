import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import type { Resource } from '../../tools/bicep/predictions.ts';
import { rehearse } from '../../tools/bicep/rehearse.ts';
import { oneAfterOther } from '../../tools/bicep/template-order.ts';
import { blocksOf } from '../docs/code-blocks.ts';
import { textOf as textOfPage } from '../docs/pages.ts';
import { copyInfra, infra, predict, testWithCompiler } from './bicep.ts';
import { containerApp, levels, ofType, publicSnapshots, scenario, topologies } from './snapshots.ts';

const read = async (...path: string[]) => JSON.parse(await readFile(join(infra, ...path), 'utf8'));
const checkKql = createKqlChecker(await read('observability', 'log-analytics-schema.json'));

const second = 'westus3';
const inSecond = (text: string) => text.includes(`/rg-snapshot-${second}`);

/** Below level 5 a second region needs its module by name. */
const inTwoRegions = (level: number, topology: string, more = '') => {
  const modules = level < 5 ? " modules: { add: ['multi-region'] }," : '';
  return `{ level: ${level},${modules} deployment: { topology: '${topology}', secondRegion: '${second}'${more} } }`;
};

/** What a second region may change in the first: two variables of its containers. */
const ofRegions = ['OBSERVABILITY_CONFIG', 'SERVICEBUS_FALLBACK_NAMESPACE'];
const textOf = (resource: Resource) =>
  JSON.stringify(resource, (key, value) =>
    key === 'env' ? value.filter(({ name }: { name: string }) => !ofRegions.includes(name)) : value,
  );
const kindsOf = (resources: readonly Resource[]) => resources.map(({ type }) => type).sort();
const isOtherSender = ({ properties }: Resource) => /sends what its own region/.test(String(properties?.description));

describe.each(topologies)('in topology %s', (topology) => {
  testWithCompiler(
    'a second region changes no resource of the first, at every level, without a remark',
    async (compiler) => {
      const folder = await copyInfra();
      for (const level of levels) {
        const one = scenario(level, topology).predictedResources;
        const two = await predict(compiler, folder, { config: inTwoRegions(level, topology) });
        expect(two.diagnostics).toEqual([]);
        const texts = new Map(two.predictedResources.map((resource) => [resource.id, textOf(resource)]));
        for (const resource of one) {
          // The workbook shows which modules are on, and below level 5 this one is so for the second region alone.
          if (level < 5 && resource.type === 'Microsoft.Insights/workbooks') continue;
          expect(texts.get(resource.id), resource.id).toBe(textOf(resource));
        }
        // The second region is the first once more, and the apps of each may send to the other.
        const known = new Set(one.map(({ id }) => id));
        const added = two.predictedResources.filter(({ id }) => !known.has(id));
        expect(kindsOf(added.filter((resource) => !isOtherSender(resource)))).toEqual(kindsOf(one));
        expect(added.filter((resource) => !isOtherSender(resource) && !inSecond(JSON.stringify(resource)))).toEqual([]);
        const senders = added.filter(isOtherSender);
        expect(senders.filter(({ id }) => inSecond(id))).toHaveLength(senders.length / 2);
        expect(senders.length).toBeGreaterThan(0);
      }
    },
  );
});

testWithCompiler(
  'a second region without its module, or equal to the first, is refused with what to do',
  async (compiler) => {
    const folder = await copyInfra();
    const refused = (config: string) => expect(predict(compiler, folder, { config })).rejects;
    await refused(`{ level: 4, deployment: { secondRegion: '${second}' } }`).toThrow(
      /multi-region, the module that it needs, is off: set level to 5, or add multi-region to modules\.add/,
    );
    await refused(
      `{ level: 5, modules: { remove: ['multi-region'] }, deployment: { secondRegion: '${second}' } }`,
    ).toThrow(/multi-region, the module that it needs, is off/);
    await refused("{ level: 5, deployment: { secondRegion: 'eastus2' } }").toThrow(
      /deployment\.secondRegion is eastus2, which is the first region \(AZURE_LOCATION\): name another one/,
    );
  },
);

testWithCompiler('two regions of a public service stand behind one front, and can be deployed', async (compiler) => {
  const open = ", public: true, allowAnonymous: true, operators: '11111111-2222-3333-4444-555555555555'";
  const two = await predict(compiler, await copyInfra(), { config: inTwoRegions(5, 'split', open) });
  const template = oneAfterOther(await read('main.json'), await read('app.json'));
  expect(rehearse({ snapshot: two, template, checkKql }).faults).toEqual([]);

  const origins = ofType(two, 'Microsoft.Cdn/profiles/originGroups/origins').map(({ properties }) => properties);
  expect(origins).toMatchObject([{ priority: 1 }, { priority: 2 }]);
  expect(new Set(origins.map((origin) => origin?.hostName)).size).toBe(2);
  const [group] = ofType(two, 'Microsoft.Cdn/profiles/originGroups');
  expect(group?.properties).toMatchObject({ healthProbeSettings: { probePath: '/health/ready' } });

  // Each app sends to the namespace of its own region, and falls back to that of the other.
  for (const app of ofType(two, 'Microsoft.App/containerApps')) {
    const { env, container } =
      containerApp({ ...two, predictedResources: [app] }, app.name.includes('worker') ? 'worker' : 'app') ?? {};
    const groupOf = (name: string) => /resourceGroups\/([^/]+)\//.exec(String(env?.[name]))?.[1];
    const [own, other] = inSecond(app.id)
      ? [`rg-snapshot-${second}`, 'rg-snapshot']
      : ['rg-snapshot', `rg-snapshot-${second}`];
    expect([groupOf('SERVICEBUS_NAMESPACE'), groupOf('SERVICEBUS_FALLBACK_NAMESPACE')]).toEqual([own, other]);
    expect(env?.AZURE_REGION).toBe(app.location);
    // With the first region its registry is gone.
    const image = String(container?.image);
    expect(/resourceGroups\/([^/]+)\//.exec(image)?.[1] ?? image).toBe(
      inSecond(app.id) ? own : 'example.azurecr.io/observability-starter:1',
    );
  }
  const apps = ofType(two, 'Microsoft.App/containerApps').filter(({ name }) => name.startsWith('ca-app-'));
  // azd finds its service by the tag, and two would be one too many.
  expect(apps.map(({ tags }) => tags?.['azd-service-name'])).toEqual(['app', undefined]);
});

testWithCompiler(
  'the deployment says how to ask both workspaces, as the guide does, by a query that is valid',
  async (compiler) => {
    const { outputs: ofOne } = scenario(5, 'single');
    expect(ofOne.REGIONS_NOTICE).toBe('There is one region: deployment.secondRegion is empty.');
    expect(ofOne.AZURE_SECOND_REGISTRY).toBe('');

    const two = await predict(compiler, await copyInfra(), { config: inTwoRegions(5, 'single') });
    const namesInSecond = (type: string) => ofType(two, type).flatMap(({ id, name }) => (inSecond(id) ? [name] : []));
    expect(namesInSecond('Microsoft.ContainerRegistry/registries')).toEqual([two.outputs.AZURE_SECOND_REGISTRY]);

    const [, query = ''] = String(two.outputs.REGIONS_NOTICE).split('one query reads both: ');
    const other = /workspace\('([^']+)'\)\./;
    const [, workspace = ''] = other.exec(query) ?? [];
    expect(namesInSecond('Microsoft.OperationalInsights/workspaces')).toContain(workspace);
    expect(workspace).not.toMatch(/security/);
    // The language service does not know workspace(); the other workspace has the same tables.
    const { faults, columns } = checkKql(query.replace(other, ''));
    expect(faults).toEqual([]);
    expect(columns.map(({ name }) => name)).toEqual(['region', 'requests', 'failed']);

    const [shown] = blocksOf(textOfPage('docs/guides/regions.md')).filter(({ text }) => other.test(text));
    expect(shown?.text.trim().replaceAll(/\s+/g, ' ')).toBe(query.replace(workspace, '<second workspace>'));
  },
);

test('one region has no front, even where the service is public, and no way to another', () => {
  for (const [name, snapshot] of Object.entries(publicSnapshots)) {
    expect(ofType(snapshot, 'Microsoft.Cdn/profiles'), name).toEqual([]);
    expect(containerApp(snapshot, 'app')?.env, name).not.toHaveProperty('SERVICEBUS_FALLBACK_NAMESPACE');
  }
});
