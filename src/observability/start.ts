import type { BoundLater } from './logger.ts';
import { mergeOptions } from './merge-options.ts';
import type { Contribution, ModuleContext, Runtime } from './module.ts';
import type { RegisteredModule } from './registry.ts';

type Lists = Required<Omit<Contribution, 'azureMonitor' | 'telemetry' | 'tokens' | 'start' | 'stop'>>;
type Named = { name: string; contribution: Contribution };

/** What all modules that are on contribute, for the platform to plug in. */
export type StartedModules = Awaited<ReturnType<typeof startModules>>;

interface StartOptions {
  registry: readonly RegisteredModule[];
  sections: Readonly<Record<string, unknown>>;
  context: Omit<ModuleContext, 'section' | 'log'>;
  logger: BoundLater;
}

/**
 * Sets up the modules that are on and starts telemetry. A module that fails is reported and left out, and the service
 * runs without it. Throws only when the service must not start: two modules contradict each other, or tokens are
 * required and no module checks them.
 */
export async function startModules({ registry, sections, context, logger }: StartOptions) {
  const { log } = logger;
  const modules: Named[] = [];
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
    tokens: verifierOf(modules, context),
    http: all('http'),
    routes: all('routes'),
    around: all('around'),
    receive: all('receive'),
    send: all('send'),
    call: all('call'),
    healthChecks: all('healthChecks'),
    async start(runtime: Runtime): Promise<void> {
      for (const { name, contribution } of modules)
        await attempt(name, 'a module failed to start', () => contribution.start?.(runtime));
    },
    async stop(deadline: AbortSignal): Promise<void> {
      for (const { name, contribution } of modules.toReversed())
        await attempt(name, 'a module failed to stop', () => contribution.stop?.(deadline));
    },
  };
}

/** Throws instead of returning nothing when tokens are required: the service must not answer callers without them. */
function verifierOf(modules: readonly Named[], { service, settings }: StartOptions['context']) {
  const [first, second] = modules.filter(({ contribution }) => contribution.tokens);
  if (second) throw new Error(`The modules ${first?.name} and ${second.name} both check tokens: only one may.`);
  // A command has no roles and no callers.
  if (settings.tokens && service.roles.length > 0 && !first)
    throw new Error('Callers need tokens, and no module checks them: switch on bearer-tokens.');
  return first?.contribution.tokens;
}
