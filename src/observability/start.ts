import type { BoundLater } from './logger.ts';
import { mergeOptions } from './merge-options.ts';
import type { Contribution, ModuleContext, Runtime } from './module.ts';
import type { RegisteredModule } from './registry.ts';

type Lists = Required<Omit<Contribution, 'azureMonitor' | 'telemetry' | 'start' | 'stop'>>;

/** What all modules that are on contribute, for the platform to plug in. */
export interface StartedModules extends Omit<Lists, 'logSinks' | 'logFields'> {
  names: readonly string[];
  start(runtime: Runtime): Promise<void>;
  stop(deadline: AbortSignal): Promise<void>;
}

interface StartOptions {
  registry: readonly RegisteredModule[];
  sections: Readonly<Record<string, unknown>>;
  context: Omit<ModuleContext, 'section' | 'log'>;
  logger: BoundLater;
}

/**
 * Sets up the modules that are on and starts telemetry. A module that fails is reported and left out, and the service
 * runs without it. Throws only when two modules contradict each other: then the service must not start.
 */
export async function startModules({ registry, sections, context, logger }: StartOptions): Promise<StartedModules> {
  const { log } = logger;
  const modules: { name: string; contribution: Contribution }[] = [];
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
      // The loader has read it with the schema of this manifest, so it has this module's own type.
      const own = (section && sections[section.key]) as never;
      modules.push({ name, contribution: await setUp({ ...context, log, section: own }) });
    });
  }

  const options = mergeOptions(modules.map(({ name, contribution }) => ({ name, options: contribution.azureMonitor })));
  for (const { name, contribution } of modules)
    await attempt(name, 'telemetry failed to start', () => contribution.telemetry?.(options));
  const all = <Name extends keyof Lists>(list: Name) =>
    modules.flatMap(({ contribution }) => (contribution[list] ?? []) as never[]) as Lists[Name];
  logger.bind(all('logSinks'), all('logFields'));

  return {
    names: modules.map(({ name }) => name),
    http: all('http'),
    routes: all('routes'),
    around: all('around'),
    receive: all('receive'),
    send: all('send'),
    call: all('call'),
    healthChecks: all('healthChecks'),
    async start(runtime) {
      for (const { name, contribution } of modules)
        await attempt(name, 'a module failed to start', () => contribution.start?.(runtime));
    },
    async stop(deadline) {
      for (const { name, contribution } of modules.toReversed())
        await attempt(name, 'a module failed to stop', () => contribution.stop?.(deadline));
    },
  };
}
