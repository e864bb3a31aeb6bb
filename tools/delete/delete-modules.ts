import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ModuleManifest } from '../../src/config/manifest.ts';
import { mentionsOfModule, pathsOfModule } from './paths-of-guide.ts';
import { withoutMention } from './without-mention.ts';

/** The modules and all that need them. A module needs only modules before it in the registry. */
export function withDependents(names: readonly string[], manifests: readonly ModuleManifest[]): string[] {
  const found = new Set(names);
  for (const { name, needs } of manifests) if (needs.some((need) => found.has(need))) found.add(name);
  return [...found];
}

/** They have a page together. */
const alertModules = ['basic-alerts', 'alert-rules'];

/** Deletes the modules with their lines, sections, blocks of Bicep and queries. */
export function deleteModules(root: string, names: readonly string[], manifests: readonly ModuleManifest[]): void {
  for (const path of names.flatMap((name) => pathsOfModule(root, name))) deletePath(root, path);
  for (const name of names) deleteLines(root, name, manifests.find((manifest) => manifest.name === name)?.section?.key);
  deleteQueries(root, names);
  if (!alertModules.some((name) => existsSync(join(root, 'infra/observability', name))))
    deletePath(root, 'docs/alerts.md');
  for (const page of globSync('docs/**/*.md', { cwd: root }))
    for (const name of names) editFile(root, page, withoutCondition(name));
}

/** A sentence of what holds only "where `<name>` is on: …". */
const withoutCondition = (name: string) => (text: string) =>
  text.replaceAll(new RegExp(`[^.\\s][^.\\n]*, where \`${name}\` is on: .*?\\. `, 'g'), '');

/** A file or a folder; nothing where there is none. */
export const deletePath = (root: string, path: string): void =>
  rmSync(join(root, path), { recursive: true, force: true });

/** Does nothing where the file was deleted. */
export function editFile(root: string, file: string, change: (text: string) => string): void {
  const path = join(root, file);
  if (existsSync(path)) writeFileSync(path, change(readFileSync(path, 'utf8')));
}

export const editJson = (root: string, file: string, change: (value: never) => object): void =>
  editFile(root, file, (text) => `${JSON.stringify(change(JSON.parse(text) as never), null, 2)}\n`);

const withoutLines = (part: string) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n');

function deleteLines(root: string, name: string, section: string | undefined): void {
  editFile(root, 'src/observability/registry.ts', withoutLines(`modules/${name}/`));
  for (const half of ['infra/main.bicep', 'infra/app.bicep']) editFile(root, half, withoutBlock(name));
  for (const { gone, from } of mentionsOfModule(root, name)) editFile(root, from, withoutMention(gone, from));
  if (section === undefined) return;
  editJson(root, 'observability.json', ({ [section]: _, ...rest }: Record<string, object>) => rest);
}

/** Its modules in Bicep, the outputs made by what it exports, and its symbol in what others depend on or take from it. */
const withoutBlock = (name: string) => (text: string) => {
  const symbol = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const exported = new RegExp(`^import \\{ (.+) \\} from 'observability/${name}/.+\n`, 'm');
  const functions = exported.exec(text)?.[1]?.split(', ') ?? [];
  return text
    .replace(exported, '')
    .replaceAll(/^@description.*\noutput \w+ string = .*\n\n?/gm, (output) =>
      functions.some((called) => output.includes(`= ${called}(`)) ? '' : output,
    )
    .replaceAll(new RegExp(`^module \\w+ 'observability/${name}/[^]*?^[}\\]]\\n\\n`, 'gm'), '')
    .replaceAll(new RegExp(`${symbol}(?:\\[\\w+\\])?\\.\\?outputs\\.\\w+ \\?\\? `, 'g'), '')
    .replaceAll(/^@description.*\noutput \w+ string = ''\n\n/gm, '')
    .replaceAll(new RegExp(`\\n *dependsOn: \\[${symbol}\\]`, 'g'), '')
    .replaceAll(new RegExp(`(dependsOn: \\[)${symbol}, `, 'g'), '$1')
    .replaceAll(new RegExp(`(dependsOn: \\[[^\\]]*), ${symbol}\\b`, 'g'), '$1');
};

/** Deletes the queries whose header names one of the modules as their signals, with their runbooks. */
function deleteQueries(root: string, names: readonly string[]): void {
  for (const found of globSync('infra/observability/*/*.kql', { cwd: root })) {
    const file = found.replaceAll('\\', '/');
    const text = readFileSync(join(root, file), 'utf8');
    const signals = /^\/\/ signals: level \d: (.+)$/m.exec(text)?.[1]?.split(', ') ?? [];
    if (!signals.some((module) => names.includes(module))) continue;
    deletePath(root, file);
    deletePath(root, `docs/runbooks/${basename(dirname(file))}/${basename(file, '.kql')}.md`);
  }
}
