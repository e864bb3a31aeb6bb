import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  checkLists(project);
  checkEntities(project, entitiesOf(name, parts));
}

/** Writes a business from the templates: in `src`, `test`, `docs`, in `local` unless that was deleted, and its entities. */
export function writeBusiness(project: Project, name: BusinessName, parts: Parts): void {
  for (const path of paths()) {
    if (path.startsWith('local/') && !project.has('local')) continue;
    const text = onlyWith(read(path), parts);
    if (text.trim() !== '') project.write(renamedPath(path, name), renamed(text, name));
  }
  addToLists(project, name);
  addEntities(project, entitiesOf(name, parts));
}
