import type { ModuleManifest, SetUp } from './module.ts';

/** `load` is absent when the module lives in Bicep alone. A module that is off is never loaded. */
export interface RegisteredModule {
  manifest: ModuleManifest;
  load?: () => Promise<{ setUp: SetUp }>;
}

type Load = NonNullable<RegisteredModule['load']>;

async function module(manifest: Promise<{ manifest: ModuleManifest }>, load?: Load): Promise<RegisteredModule> {
  const entry: RegisteredModule = { manifest: (await manifest).manifest };
  return load ? { ...entry, load } : entry;
}

/** Every module, one line each. The order is that of the ladder, and of middleware: the first is outermost. */
export const registry: readonly RegisteredModule[] = await Promise.all([
  module(import('./modules/application-insights/manifest.ts'), () => import('./modules/application-insights/index.ts')),
  module(import('./modules/structured-logs/manifest.ts'), () => import('./modules/structured-logs/index.ts')),
  module(import('./modules/health-probes/manifest.ts'), () => import('./modules/health-probes/index.ts')),
  module(import('./modules/basic-alerts/manifest.ts')),
  module(import('./modules/correlation/manifest.ts'), () => import('./modules/correlation/index.ts')),
  module(import('./modules/dead-letters/manifest.ts'), () => import('./modules/dead-letters/index.ts')),
  module(import('./modules/custom-events/manifest.ts'), () => import('./modules/custom-events/index.ts')),
  module(import('./modules/dashboards/manifest.ts')),
  module(import('./modules/alert-rules/manifest.ts')),
]);
