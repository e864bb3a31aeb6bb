import { existsSync, globSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/observability/registry.ts';
import { copyWithout, edit, expectToPass, root, runTests, withoutLines, withoutSample } from './removal.fixture.ts';

/** It goes with `local/`: what `npm run init` writes there could not be checked any more. */
const templatesOfLocal = 'operator/init/templates/local';
const manifests = registry.map(({ manifest }) => manifest);
const guide = readFileSync(join(root, 'docs/guides/delete.md'), 'utf8');
const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The paths of a module as the guide lists them, with those that the guide's table adds. */
function pathsOf(name: string): string[] {
  const list = /^A module `<name>` is.+?\n\n(.+?)\n\n/ms.exec(guide)?.[1] ?? '';
  const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
  const paths = codes(list).map((path) => path.replace('<name>', name));
  expect(paths.length).toBeGreaterThan(5);
  return [...paths, ...codes(row.replace(/ with its lines in .+/, '')).slice(1)];
}

/** The modules and all that need them. A module needs only modules before it in the registry. */
function withDependents(names: readonly string[]): string[] {
  const found = new Set(names);
  for (const { name, needs } of manifests) if (needs.some((need) => found.has(need))) found.add(name);
  return [...found];
}

/** Deletes the lines that the guide names. */
async function deleteLines(folder: string, name: string): Promise<void> {
  await edit(folder, 'src/observability/registry.ts', withoutLines(`modules/${name}/`));
  for (const half of ['infra/main.bicep', 'infra/app.bicep'])
    if (readText(folder, half).includes(`'observability/${name}/`)) await edit(folder, half, withoutBlock(name));
  if (name === 'structured-logs') await edit(folder, 'tools/generate/all.ts', withoutLines('log-fields'));
  const key = manifests.find((manifest) => manifest.name === name)?.section?.key;
  const { [key ?? '']: _, ...rest } = readJson(folder, 'observability.json');
  await writeFile(join(folder, 'observability.json'), `${JSON.stringify(rest, null, 2)}\n`);
}

const readText = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');
const readJson = (folder: string, file: string) => JSON.parse(readText(folder, file));

const withoutBlock = (name: string) => (text: string) => {
  const symbol = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
  return text
    .replaceAll(new RegExp(`^module \\w+ 'observability/${name}/[^]*?^}\\n\\n`, 'gm'), '')
    .replaceAll(new RegExp(`${symbol}\\.\\?outputs\\.\\w+ \\?\\? `, 'g'), '')
    .replaceAll(new RegExp(`\\n  dependsOn: \\[${symbol}\\]`, 'g'), '')
    .replaceAll(new RegExp(`(dependsOn: \\[)${symbol}, `, 'g'), '$1');
};

/** Deletes the queries whose header names one of the modules as their signals, with their runbooks. */
async function deleteQueries(folder: string, names: readonly string[]): Promise<void> {
  for (const file of globSync('infra/observability/*/*.kql', { cwd: folder })) {
    const signals = /^\/\/ signals: level \d: (.+)$/m.exec(readText(folder, file))?.[1]?.split(', ') ?? [];
    if (!signals.some((module) => names.includes(module))) continue;
    await rm(join(folder, file));
    await rm(join(folder, `docs/runbooks/${basename(dirname(file))}/${basename(file, '.kql')}.md`), { force: true });
  }
}

/** Deletes the lines that link to a page that is gone, and the defects that fit no longer. */
async function deleteMentions(folder: string): Promise<void> {
  for (const page of ['README.md', ...globSync('docs/**/*.md', { cwd: folder })]) {
    const lines = readText(folder, page).split('\n');
    const targets = (line: string) =>
      [...line.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, to = '']) => to);
    const kept = lines.filter((line) => targets(line).every((to) => existsSync(join(folder, dirname(page), to))));
    await writeFile(join(folder, page), kept.join('\n'));
  }
  const fits = ({ file, find }: { file: string; find: string }) =>
    existsSync(join(folder, file)) && readText(folder, file).includes(find);
  const mutants = readJson(folder, 'test/mutants.json').filter(fits);
  await writeFile(join(folder, 'test/mutants.json'), `${JSON.stringify(mutants, null, 2)}\n`);
}

/** The rest must generate, check and pass its tests. `local/` goes too, because its tests take minutes. */
async function expectRestToPass(names: readonly string[], copy = copyWithout): Promise<void> {
  const folder = await copy('local', templatesOfLocal, ...names.flatMap(pathsOf));
  try {
    for (const name of names) await deleteLines(folder, name);
    await deleteQueries(folder, names);
    await expectToPass(folder, 'npm', ['run', 'generate']);
    await deleteMentions(folder);
    await expectToPass(folder, 'npm', ['run', 'format']);
    await expectToPass(folder, 'npm', ['run', 'check']);
    await runTests(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const withLevel = (...levels: unknown[]) =>
  manifests.filter(({ level }) => levels.includes(level)).map(({ name }) => name);

test('without local/, operator/, the sample and every module above level 1, the rest checks and its tests pass', async () => {
  await expectRestToPass(withLevel(2, 3, 4, 'opt-in'), withoutSample);
}, 240_000);

describe('what the guide deletes, on a copy of the project', () => {
  test.each(manifests.map(({ name }) => name))(
    'the module %s and what needs it',
    async (name) => {
      await expectRestToPass(withDependents([name]));
    },
    240_000,
  );

  test('levels 3 and 4', async () => {
    await expectRestToPass(withLevel(3, 4));
  }, 240_000);
});
