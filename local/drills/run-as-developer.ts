import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationInsights } from '../application-insights/index.ts';
import { createCertificate } from '../application-insights/security-logs/certificate.ts';
import { createContainerLogs } from '../cli/start/container-logs.ts';
import { choosePort } from '../cli/start/ports.ts';
import { writeTrusted } from '../cli/start/trusted-certificates.ts';
import { startDestination } from '../destination/index.ts';
import { createServiceSampler } from '../platform-metrics/service-metrics.ts';
import { startServiceBus } from '../service-bus/index.ts';
import { createDrillLoad } from './drill-load.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import { createDrilledProcess, type ProcessChanges } from './drilled-process.ts';
import { startTlsFront } from './tls-front.ts';

export interface DeveloperRunOptions {
  checkout: DrilledCheckout;
  /** The workspace to which the developer has pointed the service. */
  insights: Pick<ApplicationInsights, 'url' | 'connectionString'>;
  /** Where the drill keeps its files. */
  folder: string;
  /** The variables of the drilled service, with changes. */
  environment(changes: ProcessChanges['env']): Record<string, string>;
}

const perSecond = 1;
const ignored = () => undefined;

/** What a developer has on the own machine: a broker, destinations, and a way to the workspace that speaks HTTPS. */
async function startMachine({
  checkout: { entities, destinations, variables },
  insights,
  folder,
}: DeveloperRunOptions) {
  const own = join(folder, 'developer');
  const certificate = await createCertificate();
  await mkdir(own, { recursive: true });
  const [serviceBus, destination, front, port] = await Promise.all([
    startServiceBus({ entities }),
    startDestination({ destinations }),
    startTlsFront(insights.url, certificate),
    choosePort(0),
  ]);
  return {
    ...{ serviceBus, destination, url: `http://127.0.0.1:${port}` },
    variables: {
      ...variables({ destination: destination.url }),
      PORT: String(port),
      STATE_DIR: join(own, 'state'),
      SERVICEBUS_CONNECTION_STRING: serviceBus.connectionString,
      SERVICEBUS_ADMIN_URL: serviceBus.adminUrl,
      // Only an endpoint that speaks HTTPS is taken for one of Azure.
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString.replaceAll(insights.url, front.url),
      NODE_EXTRA_CA_CERTS: await writeTrusted(own, certificate.cert, {}),
      SECURITY_LOGS_ENDPOINT: undefined,
      SECURITY_LOGS_RULE: undefined,
    },
    stop: () => Promise.all([serviceBus.stop(), destination.stop(), front.stop()]),
  };
}

/**
 * A developer runs the service with a broker and destinations of the own machine, and with the connection string of the real
 * workspace. Requests go well, then the destinations refuse connections, then the broker refuses messages, and then all goes
 * well again: a quarter of the seconds each. Resolves when the run is over, or soon after the signal has aborted.
 */
export async function runAsDeveloper(
  options: DeveloperRunOptions,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { checkout, environment } = options;
  const { serviceBus, destination, url, variables, stop } = await startMachine(options);
  const processes = createDrilledProcess({
    ...{ root: checkout.root, url },
    preload: [join(import.meta.dirname, 'developer-host.preload.ts'), ...checkout.preload],
    environment: (changes) => environment({ ...variables, ...changes }),
    // No platform runs it: it has no container and no metrics of one.
    observers: { container: createContainerLogs(ignored), metrics: createServiceSampler({ record: ignored }) },
  });
  const load = createDrillLoad({ url, serviceBus, checkout, metrics: { record: ignored } }, perSecond);
  const quarters = [
    ignored,
    () => destination.faults.mode('down'),
    async () => {
      await destination.faults.mode('ok');
      serviceBus.faults.refuseSends({ condition: 'amqp:internal-error', description: 'Refused for the drill.' });
    },
    () => serviceBus.faults.clear(),
  ];
  try {
    await processes.start();
    for (const begin of quarters) {
      await begin();
      await load.offer(Date.now() + (seconds * 1_000) / quarters.length, 1, signal);
    }
  } finally {
    await load.stop();
    await processes.end();
    await stop();
  }
}
