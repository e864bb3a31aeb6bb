import type { Levels, ModuleManifest } from '../../src/config/manifest.ts';
import type { DeployedBusiness } from './business-settings.ts';

/** What generated files are made from. */
export interface Sources {
  manifests: readonly ModuleManifest[];
  levels: Levels;
  businesses: readonly DeployedBusiness[];
}

/** The real ones; loaded when they are asked for, so that a broken module does not break `--help`. */
export async function readSources(): Promise<Sources> {
  const [{ registry }, { levels }, { businesses }] = await Promise.all([
    import('../../src/observability/registry.ts'),
    import('../../src/observability/levels.ts'),
    import('../../src/business/index.ts'),
  ]);
  return { manifests: registry.map(({ manifest }) => manifest), levels, businesses };
}
