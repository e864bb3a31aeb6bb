import type { Logger } from '../platform/log.ts';
import type { BoundLater } from './logger.ts';
import { mergeOptions } from './merge-options.ts';
import type { Contribution, ModuleContext, Runtime } from './module.ts';
import type { RegisteredModule } from './registry.ts';

type Lists = Required<Pick<Contribution, 'http' | 'routes' | 'around' | 'receive' | 'send' | 'call' | 'healthChecks'>>;

/** The modules that are on, joined: what the platform plugs in, and the two ends of their life. */
export interface StartedModules extends Lists {
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

const told = (log: Logger, message: string, name: string) => (error: unknown) =>
  log.error(message, { module: name, error });

/**
 * Sets up the modules that are on and starts telemetry. A module that fails is reported and left out: the service
 * serves without it. Throws only when two modules contradict each other, which no start should survive.
 */
export async function startModules({ registry, sections, context, logger }: StartOptions): Promise<StartedModules> {
  const { log } = logger;
  const modules: { name: string; contribution: Contribution }[] = [];

  for (const { manifest, load } of registry) {
    if (!load || !context.active.includes(manifest.name)) continue;
    const { name, section } = manifest;
    try {
      const { setUp } = await load();
      // Of this module's own type: the loader has read it with the schema of this manifest.
      const own = section && (sections[section.key] as never);
      modules.push({ name, contribution: await setUp({ ...context, log, section: own as never }) });
    } catch (error) {
      told(log, 'a module failed to set up and is left out', name)(error);
    }
  }

  const options = mergeOptions(
    modules.map(({ name, contribution }) => ({ name, options: contribution.azureMonitor ?? {} })),
  );
  for (const { name, contribution } of modules) {
    await attempt(() => contribution.telemetry?.(options), told(log, 'telemetry failed to start', name));
  }
  const all = <T>(read: (contribution: Contribution) => readonly T[] | undefined): T[] =>
    modules.flatMap(({ contribution }) => read(contribution) ?? []);
  logger.bind(
    all((c) => c.logSinks),
    all((c) => c.logFields),
  );

  return {
    names: modules.map(({ name }) => name),
    http: all((c) => c.http),
    routes: all((c) => c.routes),
    around: all((c) => c.around),
    receive: all((c) => c.receive),
    send: all((c) => c.send),
    call: all((c) => c.call),
    healthChecks: all((c) => c.healthChecks),
    async start(runtime) {
      for (const { name, contribution } of modules) {
        await attempt(() => contribution.start?.(runtime), told(log, 'a module failed to start', name));
      }
    },
    async stop(deadline) {
      for (const { name, contribution } of modules.toReversed()) {
        await attempt(() => contribution.stop?.(deadline), told(log, 'a module failed to stop', name));
      }
    },
  };
}

async function attempt(run: () => unknown, failed: (error: unknown) => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    failed(error);
  }
}
