import type { Contribution, ModuleContext, ModuleManifest, SetUp } from './module.ts';

/** `load` is absent for a module that consists of Bicep alone. A module that is off is never loaded. */
export interface RegisteredModule {
  manifest: ModuleManifest;
  /** `never`, because each module has its own types. `startModules` passes the section and variables that the loader read. */
  load?: () => Promise<{ setUp(context: ModuleContext<never, never>): Contribution | Promise<Contribution> }>;
}

async function module<M extends ModuleManifest>(
  manifest: Promise<{ manifest: M }>,
  load?: () => Promise<{ setUp: SetUp<M> }>,
): Promise<RegisteredModule> {
  return { manifest: (await manifest).manifest, ...(load && { load }) };
}

/** All modules, one line each, in the order of the ladder. It is also the order of middleware: the first is outermost. */
export const registry: readonly RegisteredModule[] = await Promise.all([
  module(import('./modules/application-insights/manifest.ts'), () => import('./modules/application-insights/index.ts')),
  module(import('./modules/structured-logs/manifest.ts'), () => import('./modules/structured-logs/index.ts')),
  module(import('./modules/health-probes/manifest.ts'), () => import('./modules/health-probes/index.ts')),
  module(import('./modules/basic-alerts/manifest.ts')),
  module(import('./modules/correlation/manifest.ts'), () => import('./modules/correlation/index.ts')),
  module(import('./modules/dead-letters/manifest.ts'), () => import('./modules/dead-letters/index.ts')),
  module(import('./modules/custom-events/manifest.ts'), () => import('./modules/custom-events/index.ts')),
  module(import('./modules/keep-failures/manifest.ts'), () => import('./modules/keep-failures/index.ts')),
  module(import('./modules/queue-metrics/manifest.ts'), () => import('./modules/queue-metrics/index.ts')),
  module(import('./modules/cost-meter/manifest.ts'), () => import('./modules/cost-meter/index.ts')),
  module(import('./modules/dashboards/manifest.ts')),
  module(import('./modules/alert-rules/manifest.ts')),
  module(import('./modules/heartbeat/manifest.ts'), () => import('./modules/heartbeat/index.ts')),
  module(import('./modules/security-events/manifest.ts'), () => import('./modules/security-events/index.ts')),
  module(import('./modules/data-export/manifest.ts')),
  module(import('./modules/multi-region/manifest.ts'), () => import('./modules/multi-region/index.ts')),
  module(import('./modules/bearer-tokens/manifest.ts'), () => import('./modules/bearer-tokens/index.ts')),
  module(import('./modules/rate-limit/manifest.ts'), () => import('./modules/rate-limit/index.ts')),
  module(import('./modules/classic-client/manifest.ts'), () => import('./modules/classic-client/index.ts')),
  module(import('./modules/otlp/manifest.ts'), () => import('./modules/otlp/index.ts')),
]);
