import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApplicationInsights, startApplicationInsights } from '../application-insights/index.ts';
import { batchRows } from '../cli/start/batched-rows.ts';
import { createContainerLogs } from '../cli/start/container-logs.ts';
import { choosePort } from '../cli/start/ports.ts';
import { type ServiceFacts, serviceEnvironment } from '../cli/start/service-environment.ts';
import { writeTrusted } from '../cli/start/trusted-certificates.ts';
import { startDestination } from '../destination/index.ts';
import { type ServiceBus, startServiceBus } from '../service-bus/index.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { createDrilledProcess, graceMs, type ProcessChanges } from './drilled-process.ts';
import { startMetricSampler } from './metric-samples.ts';
import { runAsDeveloper } from './run-as-developer.ts';
import { type SecondRegion, startSecondRegion } from './second-region.ts';

export interface ServiceStart {
  /** `observability.json` as the service gets it. */
  config: object;
  env?: Readonly<Record<string, string>>;
  /** Whether there is a second region. */
  twoRegions?: boolean;
}

/** The real service, and everything around it that a drill can break. */
export type DrilledService = Awaited<ReturnType<typeof startDrilledService>>;

/** Of the shell only what every process needs: what a developer has set must not change a drill. */
const inherited = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'LANG'];
/** The SDK's remote settings are asked for over HTTPS: they meet a closed door. */
const noWayOut = { HTTPS_PROXY: 'http://127.0.0.1:9' };

/** The variables that `npm start` gives the service. */
function givenByStart(
  { serviceBus, insights, certificate }: { serviceBus: ServiceBus; insights: ApplicationInsights; certificate: string },
  facts: ServiceFacts,
) {
  const shell = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const securityLogs = insights.securityLogs && { ...insights.securityLogs, certificate };
  const addresses = { serviceBus: serviceBus.connectionString, serviceBusAdmin: serviceBus.adminUrl, securityLogs };
  return serviceEnvironment({ ...shell, ...noWayOut, SHUTDOWN_GRACE_MS: String(graceMs) }, addresses, facts);
}

/**
 * Starts Service Bus, the ingestion endpoint and the destinations in this process, and the service as `npm start` does.
 * Resolves when it is ready. Throws, with what it said, when it does not become so.
 */
export async function startDrilledService(checkout: DrilledCheckout, { config, env = {}, twoRegions }: ServiceStart) {
  const { root, entities, destinations, variables, preload } = checkout;
  const folder = await mkdtemp(join(tmpdir(), 'drill '));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', removeFolder); // also when a signal ends the command
  const [serviceBus, insights, destination] = await Promise.all([
    startServiceBus({ entities }),
    startApplicationInsights({ withSecurityLogs: true }),
    startDestination({ destinations }),
  ]);
  const rows = batchRows(insights.add, () => undefined);
  const metrics = startMetricSampler(serviceBus);
  const port = await choosePort(0);
  const url = `http://127.0.0.1:${port}`;

  let second: SecondRegion | undefined;
  const certificate = await writeTrusted(folder, insights.securityLogs?.certificate ?? '', {});
  const given = givenByStart(
    { serviceBus, insights, certificate },
    {
      ...{ port, folder, applicationInsights: insights.connectionString },
      variables: variables({ destination: destination.url }),
    },
  );
  const environment = (changes: ProcessChanges['env'] = {}) => {
    const regions = second && {
      SERVICEBUS_FALLBACK_NAMESPACE: second.serviceBus.connectionString,
      AZURE_REGION: 'region1',
    };
    const all = { ...given, OBSERVABILITY_CONFIG: JSON.stringify(config), ...regions, ...env, ...changes };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  };
  second = twoRegions
    ? await startSecondRegion({ root, preload, entities, first: serviceBus, environment })
    : undefined;
  const observers = { container: createContainerLogs(rows.put), metrics: metrics.service };
  const processes = createDrilledProcess({ root, url, preload, environment, observers });
  const killAll = () => {
    processes.kill();
    second?.kill();
  };
  process.prependOnceListener('exit', killAll); // before the folder goes, into which they write
  const service = {
    ...{ checkout, config, url, serviceBus, insights, certificate, destination, metrics, processes, second },
    /** The variables of its processes. */
    environment: () => environment(),
    /** A developer runs the same service on another machine for so many seconds, with the workspace of this one. */
    runAsDeveloper: (seconds: number, signal: AbortSignal): Promise<void> =>
      runAsDeveloper({ checkout, insights, folder, environment }, seconds, signal),
    /** Ends it. What it and its stand-ins have said is in then. */
    async finish(): Promise<void> {
      await processes.end();
      await rows.stop();
    },
    async stop(): Promise<void> {
      await Promise.all([processes.end(), second?.stop()]);
      await rows.stop();
      metrics.stop();
      await Promise.all([serviceBus.stop(), insights.stop(), destination.stop()]);
      removeFolder();
      process.off('exit', removeFolder);
      process.off('exit', killAll);
    },
  };
  try {
    await Promise.all([processes.start(), second?.start()]);
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}
