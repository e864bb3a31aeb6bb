import type { Level, ModuleManifest } from '../../src/config/manifest.ts';
import { deleteModules, deletePath, editJson, withDependents } from './delete-modules.ts';
import { deleteUnusedBicep } from './delete-unused-bicep.ts';

/** What is deleted besides modules, with all that goes with it. */
export const folders = {
  local: ['local', 'operator/init/templates/local', 'docs/pictures'],
  operator: ['operator', 'tools/assess', 'docs/guides/dead-letters.md', 'docs/doctor.md', 'docs/assess.md'],
} as const;

export type Folder = keyof typeof folders;

export interface Parts {
  modules: readonly string[];
  folders: readonly Folder[];
  /** Every module of a level above it goes. */
  upTo: Level | undefined;
}

/**
 * Deletes parts of the project at `root` as `docs/guides/delete.md` says, and answers the modules that went. What is
 * generated and what mentions them is for the caller: `deleteMentions` needs the generated files as they are afterwards.
 */
export function deleteParts(root: string, manifests: readonly ModuleManifest[], parts: Parts): string[] {
  const { upTo } = parts;
  const above = manifests.filter(({ level }) => upTo !== undefined && typeof level === 'number' && level > upTo);
  const gone = withDependents([...parts.modules, ...above.map(({ name }) => name)], manifests);
  deleteModules(root, gone, manifests);
  if (gone.length > 0) deleteUnusedBicep(root);
  for (const path of parts.folders.flatMap((folder) => folders[folder])) deletePath(root, path);
  if (upTo !== undefined)
    editJson(root, 'observability.json', ({ level, ...rest }: { level: Level }) => ({
      level: Math.min(level, upTo),
      ...rest,
    }));
  return gone;
}
