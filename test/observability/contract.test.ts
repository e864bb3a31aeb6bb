import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { businesses } from '../../src/business/index.ts';
import { readRows } from '../../src/config/environment.ts';
import { deploymentSections } from '../../src/config/sections.ts';
import { settingRows } from '../../src/config/settings.ts';
import { levels } from '../../src/observability/levels.ts';
import type { Contribution, ModuleContext } from '../../src/observability/module.ts';
import { registry } from '../../src/observability/registry.ts';

const root = resolve(import.meta.dirname, '../..');
const names = registry.map(({ manifest }) => manifest.name);

const contributionKeys: Record<keyof Contribution, true> = {
  azureMonitor: true,
  startSdk: true,
  telemetry: true,
  http: true,
  afterTokens: true,
  tokens: true,
  routes: true,
  logSinks: true,
  logFields: true,
  around: true,
  receive: true,
  send: true,
  call: true,
  job: true,
  healthChecks: true,
  start: true,
  stop: true,
};

const silent = { debug() {}, info() {}, warning() {}, error() {} };
const contextFor = (section: unknown): ModuleContext<never, never> => ({
  section: section as never,
  level: 5,
  active: names,
  service: { name: 'contract', version: '0', instance: 'i', roles: ['api', 'worker'] },
  settings: { applicationInsights: undefined } as ModuleContext['settings'],
  variables: readRows(Object.assign({}, ...registry.map((one) => one.manifest.variables)), {}, []) as never,
  slo: deploymentSections.slo.parse({}),
  cost: deploymentSections.cost.parse({}),
  log: silent,
  clock: { now: () => new Date(0) },
  credential: undefined,
});

test('every folder of modules is registered, and every registered module has its folder', () => {
  const folders = readdirSync(join(root, 'src/observability/modules'));
  expect(folders.toSorted()).toEqual(names.toSorted());
});

test('no variable of a module belongs to the service, to a business or, with another row, to another module', () => {
  const others = [settingRows, ...businesses.map(({ settings = {} }) => settings)].flatMap((rows) => Object.keys(rows));
  const own = new Map<string, unknown>();
  for (const [name, row] of registry.flatMap(({ manifest: { variables = {} } }) => Object.entries(variables))) {
    expect(others).not.toContain(name);
    expect(own.get(name) ?? row, name).toBe(row);
    own.set(name, row);
  }
});

test('modules stand in the order of the ladder, and need only modules that stand before them', () => {
  const rungs = registry.map(({ manifest }) => (manifest.level === 'opt-in' ? 9 : manifest.level));
  expect(rungs).toEqual(rungs.toSorted());
  for (const [index, { manifest }] of registry.entries()) {
    for (const needed of manifest.needs)
      expect(names.slice(0, index), `${manifest.name} needs ${needed}`).toContain(needed);
  }
});

describe.each(registry)('$manifest.name', ({ manifest, load }) => {
  const { name, level, answers, section } = manifest;

  test('says which level it belongs to and which question it answers', () => {
    expect(level === 'opt-in' || level in levels).toBe(true);
    expect(answers.length).toBeGreaterThan(10);
  });

  test('has a page in docs/modules that opens with its name and names its level', () => {
    const page = readFileSync(join(root, `docs/modules/${name}.md`), 'utf8');
    expect(page.startsWith(`# ${name}\n`)).toBe(true);
    expect(page).toContain(level === 'opt-in' ? 'opt-in' : `Level ${level}`);
  });

  test('has a manifest of at most 40 lines, and gives every key of its section a default and a description', () => {
    const lines = readFileSync(join(root, `src/observability/modules/${name}/manifest.ts`), 'utf8').split('\n');
    expect(lines.length).toBeLessThanOrEqual(41);
    if (!section) return;
    expect(section.schema.safeParse({}).success).toBe(true);
    for (const [key, schema] of Object.entries(section.schema.shape)) {
      expect((schema as { description?: string }).description, `${section.key}.${key}`).toBeTruthy();
    }
  });

  test('imports from no module but those that it needs', () => {
    const folder = join(root, `src/observability/modules/${name}`);
    const imported = readdirSync(folder, { encoding: 'utf8', recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/'(?:\.\.\/)+([\w-]+)\//g)])
      .flatMap(([, part = '']) => (names.includes(part) ? [part] : []));
    expect([name, ...manifest.needs]).toEqual(expect.arrayContaining(imported));
  });

  test('has a line in main.bicep or app.bicep when it has cloud resources', () => {
    const folder = join(root, 'infra/observability', name);
    if (!existsSync(folder)) return;
    const texts = ['main', 'app'].map((half) => readFileSync(join(root, `infra/${half}.bicep`), 'utf8'));
    const line = new RegExp(
      `module\\w+'observability/${name}/[^']+'=(\\[for\\(region,i\\)inregions:)?if\\([^{]*contains\\(active,'${name}'\\)`,
    );
    expect(texts.some((text) => line.test(text.replaceAll(/\s+/g, '')))).toBe(true);
  });

  if (!load) return;

  test('has tests of its own', () => {
    const tests = ['test', 'local/test'].flatMap((folder) => {
      const own = join(root, folder, 'observability/modules');
      return existsSync(own) ? readdirSync(own).filter((file) => file.startsWith(name)) : [];
    });
    // Those that need Azure on this machine went with local/, where that was deleted.
    if (existsSync(join(root, 'local'))) expect(tests).not.toEqual([]);
  });

  test('contributes known things only, and can be stopped without having been started', async () => {
    const { setUp } = await load();
    const contribution = await setUp(contextFor(section?.schema.parse({})));
    for (const key of Object.keys(contribution)) expect(contributionKeys).toHaveProperty(key);
    await contribution.stop?.(AbortSignal.timeout(1000));
  });
});
