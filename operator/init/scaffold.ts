import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandRefused } from '../command-refused.ts';
import { type BusinessName, checkWords, renamed, renamedPath } from './business-name.ts';
import type { Parts } from './init-arguments.ts';
import { addToLists, checkLists } from './lists.ts';
import { onlyWith } from './parts.ts';
import type { Project } from './project.ts';
import { addEntities, checkEntities, entitiesWith } from './scaffold-queues.ts';

const templates = join(import.meta.dirname, 'templates');
const read = (path: string) => readFileSync(join(templates, path), 'utf8');
const paths = () => globSync('**/*.{ts,md}', { cwd: templates }).map((path) => path.replaceAll('\\', '/'));

const entitiesOf = (name: BusinessName, parts: Parts) =>
  entitiesWith(JSON.parse(renamed(read('infra/queues.json'), name)), parts);

/** Throws `CommandRefused` when the business cannot be written. Nothing has been changed then. */
export function checkBusiness(project: Project, name: BusinessName, parts: Parts): void {
  const { plural } = name;
  if (project.has(`src/business/${plural}`))
    throw new CommandRefused(`src/business/${plural} exists already: choose another name.`);
  checkWords(name, paths().map(read));
  checkFileNames(project, Object.keys(filesOf(name, parts)));
  checkLists(project);
  checkEntities(project, entitiesOf(name, parts));
}

/** The files of a business with these parts, by path. */
function filesOf(name: BusinessName, parts: Parts): Record<string, string> {
  const files = paths().map((path) => [renamedPath(path, name), renamed(onlyWith(read(path), parts), name)] as const);
  return Object.fromEntries(files.filter(([, text]) => text.trim() !== ''));
}

/** A file is found by its name. Throws `CommandRefused` when another one of the project has the name of one of `paths`. */
function checkFileNames({ root }: Project, paths: readonly string[]): void {
  const found = globSync(['src/**/*.ts', 'operator/**/*.ts', 'local/**/*.ts'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/*.test.ts', '**/index.ts', 'operator/init/templates/**'],
  });
  const there = new Map(found.map((path) => [basename(path), path.replaceAll('\\', '/')]));
  const clash = paths.find((path) => /^(src|local)/.test(path) && there.has(basename(path)));
  if (clash)
    throw new CommandRefused(`${clash} would have the name of ${there.get(basename(clash))}: choose another name.`);
}

/** Writes a business from the templates: in `src`, `test`, `docs`, in `local` unless that was deleted, and its entities. */
export function writeBusiness(project: Project, name: BusinessName, parts: Parts): void {
  for (const [path, text] of Object.entries(filesOf(name, parts))) {
    if (!path.startsWith('local/') || project.has('local')) project.write(path, text);
  }
  addToLists(project, name);
  addEntities(project, entitiesOf(name, parts));
}
