import { createContainerLogs } from '../cli/start/container-logs.ts';
import { choosePort } from '../cli/start/ports.ts';
import { createServiceSampler } from '../platform-metrics/service-metrics.ts';
import { type ServiceBus, startServiceBus } from '../service-bus/index.ts';
import { createDrilledProcess, type ProcessChanges } from './drilled-process.ts';

interface SecondRegionOptions {
  root: string;
  preload: readonly string[];
  entities: unknown;
  /** The broker of the first region, to which this one falls back. */
  first: ServiceBus;
  /** The variables of the service in the first region, with changes. */
  environment(changes: ProcessChanges['env']): Record<string, string>;
}

export type SecondRegion = Awaited<ReturnType<typeof startSecondRegion>>;

/**
 * The other region of a drill: a broker of its own, and a process of the same service that works on what lies there. It
 * reports nowhere, because it would report to a workspace of its own, which no rule of the first region reads.
 */
export async function startSecondRegion({ root, preload, entities, first, environment }: SecondRegionOptions) {
  const serviceBus = await startServiceBus({ entities });
  const port = await choosePort(0);
  const own = {
    PORT: String(port),
    SERVICEBUS_CONNECTION_STRING: serviceBus.connectionString,
    SERVICEBUS_ADMIN_URL: serviceBus.adminUrl,
    SERVICEBUS_FALLBACK_NAMESPACE: first.connectionString,
    AZURE_REGION: 'region2',
    APPLICATIONINSIGHTS_CONNECTION_STRING: undefined,
  };
  const ignored = () => undefined;
  const processes = createDrilledProcess({
    ...{ root, preload, url: `http://127.0.0.1:${port}` },
    environment: (changes) => environment({ ...own, ...changes }),
    observers: { container: createContainerLogs(ignored), metrics: createServiceSampler({ record: ignored }) },
  });
  return {
    serviceBus,
    /** Begins to work on what lies in its broker. */
    start: () => processes.start(),
    kill: () => processes.kill(),
    async stop(): Promise<void> {
      await processes.end();
      await serviceBus.stop();
    },
  };
}
