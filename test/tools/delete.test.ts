import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { registry } from '../../src/observability/registry.ts';
import { deleteMentions } from '../../tools/delete/delete-mentions.ts';
import { withDependents } from '../../tools/delete/delete-modules.ts';
import { deleteParts } from '../../tools/delete/delete-parts.ts';
import { mentionsOfModule } from '../../tools/delete/paths-of-guide.ts';
import { withoutMention } from '../../tools/delete/without-mention.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const manifests = registry.map(({ manifest }) => manifest);
const copied = [
  'docs',
  'infra',
  'src',
  'test/mutants.json',
  'README.md',
  'CONTRIBUTING.md',
  'package.json',
  'azure.yaml',
];

/** What the command changes by itself; `local/test/removal` runs it on the whole project. */
async function project(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'delete-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const path of [...copied, 'observability.json'])
    await cp(join(root, path), join(folder, path), { recursive: true });
  return folder;
}
const text = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

/** The first module above level 1 with a Bicep half; a project may have deleted all of them. */
const given = manifests.find(
  ({ name, level }) => level !== 1 && level !== 'opt-in' && existsSync(join(root, 'infra/observability', name)),
);

test('with a module go all that need it, also those that need these', () => {
  for (const { name, needs } of manifests)
    for (const need of needs) expect(withDependents([need], manifests)).toContain(name);
  for (const { name } of manifests) {
    const gone = withDependents([name], manifests);
    const left = manifests.filter((manifest) => !gone.includes(manifest.name));
    expect(left.filter(({ needs }) => needs.some((need) => gone.includes(need)))).toEqual([]);
  }
  expect(withDependents([], manifests)).toEqual([]);
});

test('a module goes with its folders, its line, its blocks of Bicep and its queries, and others stay', async () => {
  if (!given) return;
  const folder = await project();
  const gone = deleteParts(folder, manifests, { modules: [given.name], folders: [], upTo: undefined });
  expect(gone).toEqual(withDependents([given.name], manifests));
  for (const name of gone) {
    for (const path of ['src/observability/modules', 'infra/observability', 'docs/modules'])
      expect(existsSync(join(folder, path, name)), `${path}/${name}`).toBe(false);
    expect(text(folder, 'src/observability/registry.ts')).not.toContain(`modules/${name}/`);
    expect(text(folder, 'infra/main.bicep')).not.toContain(`'observability/${name}/`);
  }
  for (const { name } of manifests.filter((manifest) => !gone.includes(manifest.name)))
    expect(existsSync(join(folder, 'src/observability/modules', name)), name).toBe(true);
});

test('up to a level the modules above it go, and the file names no higher level', async () => {
  const folder = await project();
  const gone = deleteParts(folder, manifests, { modules: [], folders: [], upTo: 1 });
  const above = manifests.filter(({ level }) => typeof level === 'number' && level > 1).map(({ name }) => name);
  expect(gone).toEqual(expect.arrayContaining(above));
  expect(gone.filter((name) => manifests.some((one) => one.name === name && one.level === 1))).toEqual([]);
  expect(JSON.parse(text(folder, 'observability.json')).level).toBe(1);
});

/** What the table of the guide says of each module: files, each with the file that imports or runs it. */
const mentions = manifests.flatMap(({ name }) => mentionsOfModule(root, name).map((mention) => ({ name, ...mention })));

test('what imports or runs a file that goes with a module no longer names it, and keeps all else', async () => {
  const folder = await project();
  for (const { from } of mentions)
    if (existsSync(join(root, from))) await cp(join(root, from), join(folder, from), { recursive: true });
  deleteParts(folder, manifests, { modules: mentions.map(({ name }) => name), folders: [], upTo: undefined });
  for (const { gone, from, name } of mentions.filter(({ from }) => existsSync(join(root, from)))) {
    const [before, after] = [text(root, from).split('\n'), text(folder, from).split('\n')];
    expect(text(folder, from), `${name}: ${from}`).not.toContain(basename(gone));
    expect(before.filter((line) => after.includes(line))).toEqual(after);
  }
  if (mentions.some(({ from }) => from === 'azure.yaml'))
    expect(text(folder, 'azure.yaml')).toMatch(/^ {2}preprovision:$/m);
});

test('an import goes with the lines that name what it imports, also one over several lines', () => {
  const source =
    "import {\n  late,\n  lost,\n} from '../b/late-lost.ts';\nimport { later } from './later.ts';\n\nexport const all = [\n  late,\n  later,\n  lost,\n];\n";
  expect(withoutMention('a/b/late-lost.ts', 'a/index.ts')(source)).toBe(
    "import { later } from './later.ts';\n\nexport const all = [\n  later,\n];\n",
  );
});

test('a hook goes with the file that it runs, and "hooks" with the last of them', () => {
  const file =
    'name: x # of a team\nservices:\n  app:\n    host: containerapp\n    hooks:\n      # why\n      postpublish:\n        shell: sh\n        run: node tools/a.ts\nhooks:\n  preprovision:\n    run: node tools/a.ts\n  preup:\n    run: node tools/b.ts\n';
  expect(withoutMention('tools/a.ts', 'azure.yaml')(file)).toBe(
    'name: x # of a team\nservices:\n  app:\n    host: containerapp\nhooks:\n  preup:\n    run: node tools/b.ts\n',
  );
});

/** The names that a template declares, each with how often it stands there. */
const declared = (template: string, kinds: string) =>
  [...template.matchAll(new RegExp(`^(?:${kinds}) (\\w+)`, 'gm'))].map(([, name = '']) => ({
    name,
    times: template.match(new RegExp(`\\b${name}\\b`, 'g'))?.length,
  }));

test('with modules goes what nothing in infra uses any more: parameters with their values, variables, templates', async () => {
  const folder = await project();
  deleteParts(folder, manifests, { modules: manifests.map(({ name }) => name), folders: [], upTo: undefined });
  for (const half of ['main', 'app']) {
    const template = text(folder, `infra/${half}.bicep`);
    expect(declared(template, 'param|var').filter(({ times }) => times === 1)).toEqual([]);
    expect(template).not.toMatch(/^var (numbers|roles)\b/m); // words of its descriptions too
    const ofModules = text(root, `infra/${half}.bicep`).matchAll(/^import \{ (.+) \} from 'observability\/[\w-]+\//gm);
    for (const name of [...ofModules].flatMap(([, names = '']) => names.split(', ')))
      expect(template).not.toContain(name);
    for (const [, list = ''] of template.matchAll(/\bfor .+ in (\w+):/g))
      expect(template).toMatch(new RegExp(`^(?:var|param) ${list}\\b`, 'm'));
    const parameters = declared(template, 'param').map(({ name }) => name);
    expect(parameters).toContain('environmentName');
    const scenario = `infra/snapshots/level-5-split-public${half === 'app' ? '.app' : ''}.bicepparam`;
    for (const file of [`infra/${half}.bicepparam`, scenario])
      for (const { name } of declared(text(folder, file), 'param')) expect(parameters, file).toContain(name);
  }
  const templates = globSync('infra/**/*.bicep', { cwd: folder });
  const loaded = templates.flatMap((path) =>
    [...text(folder, path).matchAll(/'([^'\n]+\.bicep)'/g)].map(([, target = '']) => join(dirname(path), target)),
  );
  const alone = templates.filter((path) => !loaded.includes(path));
  expect(alone.toSorted()).toEqual([join('infra', 'app.bicep'), join('infra', 'main.bicep')]);
  expect(existsSync(join(folder, 'docs/alerts.md'))).toBe(false);
});

test('a sentence of what holds where a module is on goes with it, and the rest of its line stays', async () => {
  const folder = await project();
  const page = 'docs/page.md';
  const [{ name } = { name: 'none' }] = manifests;
  await writeFile(join(folder, page), `Before. Planned work, where \`${name}\` is on: set \`A\`, then \`B\`. After.\n`);
  deleteParts(folder, manifests, { modules: [name], folders: [], upTo: undefined });
  expect(text(folder, page)).toBe(manifests.length > 0 ? 'Before. After.\n' : text(folder, page));
});

test('pages lose the lines that link to what is gone, and the list of defects those in files that are gone', async () => {
  const folder = await project();
  await rm(join(folder, 'docs/glossary.md'));
  await rm(join(folder, 'src/main.ts'));
  expect(text(folder, 'README.md')).toContain('(docs/glossary.md)');
  deleteMentions(folder);
  expect(text(folder, 'README.md')).not.toContain('(docs/glossary.md)');
  for (const kept of ['(docs/settings.md)', 'npm install']) expect(text(folder, 'README.md')).toContain(kept);
  expect(text(folder, 'test/mutants.json')).not.toContain('"src/main.ts"');
});

test.each([
  [[], 'Say what to delete.'],
  [['queue-metric'], 'There is no "queue-metric": name '],
  [['--up-to', '7'], '--up-to takes a level: 1'],
  [['--yes'], "Unknown option '--yes'"],
])('delete with %j is refused before anything is deleted', async (args, sentence) => {
  const command = run(process.execPath, ['tools/delete.ts', ...args], { cwd: root });
  await expect(command).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
});

test('what git could not bring back is not deleted without --force', async ({ skip }) => {
  const folder = await project();
  await cp(join(root, 'tools'), join(folder, 'tools'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const hasGit = await run('git', ['init'], { cwd: folder }).then(
    () => true,
    () => false,
  );
  skip(!hasGit, 'git is not installed');
  const [{ name } = { name: 'local' }] = manifests;
  await expect(run(process.execPath, ['tools/delete.ts', name], { cwd: folder })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('commit them first, or add --force'),
  });
  expect(existsSync(join(folder, 'src/observability/modules', name))).toBe(true);
});

test('the check of a folder that is gone goes with it', async () => {
  const folder = await project();
  deleteMentions(folder);
  const { scripts } = JSON.parse(text(folder, 'package.json')) as { scripts: Record<string, string> };
  expect(scripts).toHaveProperty('check');
  expect(scripts).not.toHaveProperty('check:page');
});
