import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Levels, ModuleManifest } from '../../src/config/manifest.ts';
import type { DeployedBusiness } from './business-settings-files.ts';

/** What generated files are made from. */
export interface Sources {
  manifests: readonly ModuleManifest[];
  levels: Levels;
  businesses: readonly DeployedBusiness[];
  /** The names of all events that modules and businesses declare. */
  events: readonly string[];
}

/** The real ones; loaded when they are asked for, so that a broken module does not break `--help`. */
export async function readSources(): Promise<Sources> {
  const [{ registry }, { levels }, { businesses }, { definedEvents }] = await Promise.all([
    import('../../src/observability/registry.ts'),
    import('../../src/observability/levels.ts'),
    import('../../src/business/index.ts'),
    import('../../src/observability/events.ts'),
  ]);
  await importModuleEvents();
  return { manifests: registry.map(({ manifest }) => manifest), levels, businesses, events: definedEvents() };
}

/** Events are declared where they are imported; of the modules, whose imports are costly, only those files are. */
async function importModuleEvents(): Promise<void> {
  const folder = join(import.meta.dirname, '../../src/observability/modules');
  const paths = globSync('**/*.ts', { cwd: folder }).map((path) => join(folder, path));
  const declaring = paths.filter((path) => readFileSync(path, 'utf8').includes('defineEvents('));
  await Promise.all(declaring.map((path) => import(pathToFileURL(path).href)));
}
