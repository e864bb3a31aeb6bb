import { posix } from 'node:path';
import type { FileHashes } from './file-hashes.ts';
import type { TemplateManifest } from './template-manifest.ts';

/** What has become of a file of the template. `deleted`: by the team, and the template has changed it since. */
export type Fate = 'unchanged' | 'you' | 'template' | 'removed' | 'both' | 'new' | 'deleted';

/** The fates that ask for something. */
export const toTakeOver = ['template', 'removed', 'both', 'new'] as const satisfies readonly Fate[];

/**
 * Compares three ways: the template that the project was made of, the project as it is, and another version of the
 * template. Answers the files of each of the templates by their fate, in the order of their paths.
 */
export function compareTemplate(
  { files, init }: TemplateManifest,
  project: FileHashes,
  other: FileHashes,
): Record<Fate, string[]> {
  const fates: Record<Fate, string[]> = {
    unchanged: [],
    you: [],
    template: [],
    removed: [],
    both: [],
    new: [],
    deleted: [],
  };
  const [before, now] = [foldersOf(files), foldersOf(project)];
  for (const path of Object.keys({ ...files, ...other }).sort()) fates[fateOf(path)].push(path);
  return fates;

  function fateOf(path: string): Fate {
    const [was, yours, theirs] = [files[path], project[path], other[path]];
    const left = init[path] === null ? undefined : (init[path] ?? was);
    if (yours === theirs) return 'unchanged';
    if (theirs === was) return yours === left || yours === undefined ? 'unchanged' : 'you';
    if (yours === undefined) return was !== undefined || isInDeleted(path) ? 'deleted' : 'new';
    if (yours !== left) return 'both';
    if (theirs === undefined) return 'removed';
    return yours === was ? 'template' : 'both'; // init has edited it: a copy would undo that
  }

  function isInDeleted(path: string): boolean {
    const folder = posix.dirname(path);
    return folder !== '.' && ((before.has(folder) && !now.has(folder)) || isInDeleted(folder));
  }
}

/** Every folder that has a file, however deep. */
const foldersOf = (files: FileHashes): Set<string> =>
  new Set(
    Object.keys(files).flatMap((path) => {
      const parts = path.split('/').slice(0, -1);
      return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
    }),
  );
