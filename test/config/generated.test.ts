import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { fileSchema } from '../../src/config/file-schema.ts';
import { settingRows } from '../../src/config/settings.ts';
import { allGenerated } from '../../tools/generate/all.ts';
import { configFiles } from '../../tools/generate/config-files.ts';
import { staleFiles, writeStale } from '../../tools/generate/generated.ts';
import { jsonSchemaOf, leavesOf } from '../../tools/generate/json-schema.ts';
import { jsonText } from '../../tools/generate/json-text.ts';
import { readSources } from '../../tools/generate/sources.ts';
import { load } from './fixtures.ts';

const root = join(import.meta.dirname, '../..');
const sources = await readSources();
const schema = jsonSchemaOf(fileSchema(sources.manifests, sources.levels));

/** Loads with the modules that the project has. */
function loadReal(file: unknown) {
  const { manifests, levels } = sources;
  return load(file, {}, { manifests, levels });
}

async function textOf(path: string, from = sources): Promise<string | undefined> {
  return configFiles(from)
    .find((file) => file.path === path)
    ?.text();
}

test('generating again changes nothing', async () => {
  const stale = await staleFiles(root, await allGenerated());
  expect(stale.map(({ path }) => path)).toEqual([]);
});

test('a stale or missing file is named, and only stale ones are written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'generated ø-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = ['a', 'b', 'deep/c'].map((path) => ({ path, text: () => `new ${path}` }));
  writeFileSync(join(folder, 'a'), 'new a');
  writeFileSync(join(folder, 'b'), 'old');

  expect((await staleFiles(folder, files)).map(({ path }) => path)).toEqual(['b', 'deep/c']);
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('old');
  expect(await writeStale(folder, files)).toEqual(['b', 'deep/c']);
  expect(readFileSync(join(folder, 'deep/c'), 'utf8')).toBe('new deep/c');
  expect(await writeStale(folder, files)).toEqual([]);
});

test('every variable and every key is documented', async () => {
  const page = await textOf('docs/settings.md');
  const keys = leavesOf(schema).map(({ path }) => path.join('.'));
  for (const name of [...Object.keys(settingRows), ...keys]) expect(page).toContain(`\n| \`${name}\` | `);
});

test('the variables of a business are documented in its folder, and secrets are marked', async () => {
  const row = { meaning: 'What | for.', allowed: 'a <word>', schema: z.string() };
  const settings = { SHOP_A: row, SHOP_B: { ...row, default: 'x', secret: true } };
  const page = await textOf('src/business/shop/settings.md', { ...sources, businesses: [{ name: 'shop', settings }] });
  expect(page).toContain('\n| `SHOP_A` | required | a &lt;word> | What \\| for. | no |\n');
  expect(page).toContain('\n| `SHOP_B` | `x` | a &lt;word> | What \\| for. | yes |\n');
});

/** Required, without meaning for the service, or decided at start from where the service runs. */
const withoutDefault = ['level', '$schema', 'logs.console'];

test('every key has a default and a meaning', () => {
  for (const { path, leaf } of leavesOf(schema)) {
    const key = path.join('.');
    expect(leaf, key).toHaveProperty('description');
    expect(Object.hasOwn(leaf, 'default'), key).toBe(!withoutDefault.includes(key));
  }
});

const read = (patterns: string[]) =>
  globSync(patterns, { cwd: root, exclude: ['infra/snapshots/**', '**/config-types.bicep', '**/manifest.ts'] }).map(
    (path) => readFileSync(join(root, path), 'utf8'),
  );

test('every key is read: that of a module by code, every other by a template, a rule or a question', () => {
  const owned = new Set(sources.manifests.flatMap(({ section }) => section?.key ?? []));
  const code = read(['src/observability/modules/**/*.ts']).join();
  const names = sources.manifests.map(({ name }) => name);
  const levelsAreWhole = ['custom-events', 'dashboards', 'alert-rules'].every((name) => names.includes(name));
  const cloud = read(['infra/**/*.{bicep,kql}']).join();
  for (const { path } of leavesOf(schema)) {
    const [section = '', ...keys] = path;
    if (keys.length === 0 || section === 'modules') continue;
    // What was deleted on purpose, a module or the rules on its events, leaves its keys of `slo` and `deployment` unread.
    if (!owned.has(section) && !levelsAreWhole) continue;
    const inCode = owned.has(section) && new RegExp(`\\b${keys.at(-1)}\\b`).test(code);
    const inCloud = new RegExp(`\\b${path.slice(-2).join('\\.')}\\b`).test(cloud);
    expect(inCode || inCloud, path.join('.')).toBe(true);
  }
});

test('the committed file is valid and points to its schema', () => {
  const text = readFileSync(join(root, 'observability.json'), 'utf8');
  expect(loadReal(text).level).toBe(JSON.parse(text).level);
  const path = join(root, JSON.parse(text).$schema);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ title: 'observability.json' });
});

test('Bicep is given each module with its level and needs, opt-in above every level, and each default', async () => {
  const module = { answers: '', needs: ['b'] };
  const made = {
    ...sources,
    manifests: [
      { ...module, name: 'c', level: 'opt-in' as const },
      { ...module, name: 'b', level: 2 as const, needs: [] },
    ],
  };
  expect(await textOf('infra/observability/modules.json', made)).toBe(
    '{\n  "b": { "level": 2, "needs": [] },\n  "c": { "level": 9, "needs": ["b"] }\n}\n',
  );
  expect(await textOf('infra/observability/config-types.bicep', made)).toContain("type moduleName = 'b' | 'c'\n");
  const defaults = { modules: { add: [], remove: [] }, ...loadReal({ level: 1 }).sections };
  expect(JSON.parse((await textOf('infra/observability/defaults.json')) ?? '')).toEqual(defaults);
});

test('the types of Bicep have the keys, bounds and choices of the schema', async () => {
  const types = (await textOf('infra/observability/config-types.bicep')) ?? '';
  for (const { path, leaf } of leavesOf(schema)) {
    if (path.length < 2) continue;
    const bounds = [leaf.minimum, leaf.maximum].map(
      (bound, i) => bound !== undefined && `${i ? '@max' : '@min'}Value(${bound})`,
    );
    const line = types.indexOf(`${path.at(-1)}: `, types.indexOf(`  ${path.at(-2)}: {`));
    const before = types.slice(types.lastIndexOf('@description', line), types.indexOf('\n', line));
    for (const part of [...bounds, ...(leaf.enum ?? [])])
      if (part !== false) expect(before, path.join('.')).toContain(String(part));
  }
});

test('JSON is laid out as the formatter leaves it', () => {
  const long = 'x'.repeat(110);
  expect(jsonText({ a: [1, 'b', {}], c: { d: true, e: [] }, f: { g: long, h: [long, 1] } })).toBe(
    `{\n  "a": [1, "b", {}],\n  "c": { "d": true, "e": [] },\n  "f": {\n    "g": "${long}",\n    "h": [\n      "${long}",\n      1\n    ]\n  }\n}\n`,
  );
});
