import type { BoundLater } from './logger.ts';
import { mergeParts, type Parts } from './merge.ts';
import type { Contribution, ModuleContext, Runtime } from './module.ts';
import type { RegisteredModule } from './registry.ts';

/** What all modules that are on contribute, for the platform to plug in. */
export type StartedModules = Awaited<ReturnType<typeof startModules>>;

interface StartOptions {
  registry: readonly RegisteredModule[];
  sections: Readonly<Record<string, unknown>>;
  context: Omit<ModuleContext, 'section' | 'log'>;
  logger: BoundLater;
}

type Hooks = { [Hook in 'telemetry' | 'start' | 'stop']: Contribution[Hook] | undefined };
type SetUpModule = Hooks & { name: string; parts: Parts };

const noLists = { http: [], routes: [], around: [], receive: [], send: [], call: [], job: [], healthChecks: [] };

/**
 * Sets up the modules that are on and starts telemetry. A module that fails is reported and left out, and the service
 * runs without it. Throws only when the service must not start: two modules contradict each other, or callers need
 * tokens and no module checks them.
 */
export async function startModules({ registry, sections, context, logger }: StartOptions) {
  const { log } = logger;
  const modules: SetUpModule[] = [];
  const attempt = async (name: string, failure: string, run: () => unknown) => {
    try {
      await run();
    } catch (error) {
      log.error(failure, { module: name, error });
    }
  };

  for (const { manifest, load } of registry) {
    const { name, section } = manifest;
    if (!load || !context.active.includes(name)) continue;
    await attempt(name, 'a module failed to set up and is left out', async () => {
      const { setUp } = await load();
      // The loader has read both with the schemas of this manifest, so they have this module's own types.
      const own = { ...context, log, section: section && sections[section.key] } as ModuleContext<never, never>;
      const { telemetry, start, stop, ...parts } = await setUp(own);
      modules.push({ name, telemetry, start, stop, parts });
    });
  }

  const { azureMonitor = {}, startSdk, logSinks = [], logFields = [], ...parts } = mergeParts(modules);
  for (const { name, telemetry } of modules)
    await attempt(name, 'telemetry failed to start', () => telemetry?.(azureMonitor, startSdk));
  logger.bind(logSinks, logFields);
  // A command has no roles and no callers.
  if (context.settings.tokens && context.service.roles.length > 0 && !parts.tokens)
    throw new Error('Callers need tokens, and no module checks them: switch on bearer-tokens.');

  return {
    ...noLists,
    ...parts,
    async start(runtime: Runtime): Promise<void> {
      for (const { name, start } of modules) await attempt(name, 'a module failed to start', () => start?.(runtime));
    },
    async stop(deadline: AbortSignal): Promise<void> {
      for (const { name, stop } of modules.toReversed())
        await attempt(name, 'a module failed to stop', () => stop?.(deadline));
    },
  };
}
