import type { Contribution, ModuleContext, ModuleManifest, SetUp } from './module.ts';

/** `load` is absent when the module lives in Bicep alone. A module that is off is never loaded. */
export interface RegisteredModule {
  manifest: ModuleManifest;
  /** `never`: each module takes its own type of section, which `startModules` hands over as the loader read it. */
  load?: () => Promise<{ setUp(context: ModuleContext<never>): Contribution | Promise<Contribution> }>;
}

async function module<M extends ModuleManifest>(
  manifest: Promise<{ manifest: M }>,
  load?: () => Promise<{ setUp: SetUp<M> }>,
): Promise<RegisteredModule> {
  const entry = { manifest: (await manifest).manifest };
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
