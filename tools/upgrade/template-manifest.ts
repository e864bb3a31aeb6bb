import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type FileHashes, fileHashes } from './file-hashes.ts';

/** Where a project keeps what it was made of. */
export const manifestFile = '.template.json';

const templateSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** The template's files, as they were in this version. */
  files: z.record(z.string(), z.string()),
});
const manifestSchema = z.object({
  ...templateSchema.shape,
  /** Of these files, those that `npm run init` left differently; null: it removed them. */
  init: z.record(z.string(), z.string().nullable()),
});

export type Template = z.infer<typeof templateSchema>;
export type TemplateManifest = z.infer<typeof manifestSchema>;

/** A template with all its files. Undefined where `root` has no package.json that says what it is. */
export function readTemplate(root: string): Template | undefined {
  const path = join(root, 'package.json');
  if (!existsSync(path)) return undefined;
  const found = z.object({ name: z.string(), version: z.string() }).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return found.success ? { ...found.data, files: fileHashes(root) } : undefined;
}

/** What the project at `root` was made of. Undefined where nothing says so. Throws when the file is broken. */
export function readTemplateManifest(root: string): TemplateManifest | undefined {
  const path = join(root, manifestFile);
  return existsSync(path) ? manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

/**
 * Writes of what the project was made. `edited` chooses the files in which a difference from the template is the work of
 * `npm run init`, not of the team.
 */
export function writeTemplateManifest(
  root: string,
  { name, version, files }: Template,
  edited: (path: string) => boolean = () => true,
): void {
  const now: FileHashes = fileHashes(root);
  const changed = Object.keys(files).filter((path) => now[path] !== files[path] && edited(path));
  const init = Object.fromEntries(changed.map((path) => [path, now[path] ?? null]));
  writeFileSync(join(root, manifestFile), `${JSON.stringify({ name, version, files, init }, null, 2)}\n`);
}
