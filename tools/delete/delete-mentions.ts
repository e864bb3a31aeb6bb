import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mutant } from '../mutants/read-mutants.ts';
import { editFile, editJson } from './delete-modules.ts';

interface Package {
  workspaces?: string[];
  scripts: Record<string, string>;
}

/** Deletes what speaks of files that are gone: workspaces, checks of a folder, lines of pages that link to them, defects in them. */
export function deleteMentions(root: string): void {
  const has = (path: string) => existsSync(join(root, path));
  editJson(root, 'package.json', (project: Package) => ({
    ...project,
    workspaces: project.workspaces?.filter(has),
    scripts: Object.fromEntries(
      Object.entries(project.scripts).filter(([, command]) => has(/ -p (\S+)/.exec(command)?.[1] ?? '')),
    ),
  }));
  for (const page of globSync(['*.md', 'docs/**/*.md', '{local,operator}/**/README.md'], {
    cwd: root,
    exclude: ['**/node_modules/**'],
  }))
    editFile(root, page, (text) => withoutDeadLinks(text, (target) => has(join(dirname(page), target))));
  // Defects that the tests of local/ catch stay, whether it is there or not.
  const isCaught = ({ caughtBy }: Mutant) => caughtBy.startsWith('local/') || has(caughtBy);
  const fits = (mutant: Mutant) =>
    has(mutant.file) && isCaught(mutant) && readFileSync(join(root, mutant.file), 'utf8').includes(mutant.find);
  editJson(root, 'test/mutants.json', (mutants: Mutant[]) => mutants.filter(fits));
}

const links = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;
const withoutDeadLinks = (text: string, exists: (target: string) => boolean): string =>
  text
    .split('\n')
    .filter((line) => [...line.matchAll(links)].every(([, target = '']) => exists(target)))
    .join('\n');
