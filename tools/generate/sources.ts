import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Levels, ModuleManifest } from '../../src/config/manifest.ts';
import type { EventDefinition } from '../../src/observability/events.ts';
import type { DeployedBusiness } from './business-settings-files.ts';

/** What generated files are made from. */
export interface Sources {
  manifests: readonly ModuleManifest[];
  levels: Levels;
  businesses: readonly DeployedBusiness[];
  /** All events that modules, businesses and commands declare, by name. */
  events: readonly DeclaredEvent[];
}

/** An event, with the files that declare those of its group: what stands before the dot of its name. */
export interface DeclaredEvent extends EventDefinition {
  group: string;
  files: readonly string[];
}

const root = join(import.meta.dirname, '../..');

/** The real ones; loaded when they are asked for, so that a broken module does not break `--help`. */
export async function readSources(): Promise<Sources> {
  const [{ registry }, { levels }, { businesses }] = await Promise.all([
    import('../../src/observability/registry.ts'),
    import('../../src/observability/levels.ts'),
    import('../../src/business/index.ts'),
  ]);
  return { manifests: registry.map(({ manifest }) => manifest), levels, businesses, events: await readEvents() };
}

/**
 * Events are declared where they are imported. The businesses are; of modules and commands, whose imports are costly, only
 * the files that declare events are. A test may have declared others in this process, so that names decide.
 */
async function readEvents(): Promise<DeclaredEvent[]> {
  const folders = ['src/observability/modules/**/*.ts', 'src/business/**/*.ts', 'operator/**/*.ts'];
  const exclude = ['**/*.test.ts', '**/templates/**', '**/node_modules/**'];
  const declared = new Map<string, string[]>();
  const paths = globSync(folders, { cwd: root, exclude }).map((path) => path.replaceAll('\\', '/'));
  for (const path of paths.toSorted()) {
    const groups = eventGroupsIn(path, readFileSync(join(root, path), 'utf8'));
    for (const group of groups) declared.set(group, [...(declared.get(group) ?? []), path]);
    if (groups.length > 0 && !path.startsWith('src/business/')) await import(pathToFileURL(join(root, path)).href);
  }
  const { definedEvents } = await import('../../src/observability/events.ts');
  const found = definedEvents().flatMap((definition) => {
    const group = definition.name.slice(0, definition.name.lastIndexOf('.'));
    const files = declared.get(group);
    return files ? [{ ...definition, group, files }] : [];
  });
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The groups of events that a file declares. Throws when the name of one does not stand there as text. */
export function eventGroupsIn(path: string, text: string): string[] {
  const names = [...text.matchAll(/\bdefineEvents\(\s*(?:'([^']+)')?/g)].map(([, name]) => name);
  if (names.includes(undefined))
    throw new Error(
      `${path}: write the first argument of defineEvents as text, because what is generated looks for it.`,
    );
  return names.filter((name) => name !== undefined);
}
