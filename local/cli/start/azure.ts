import {
  type ApplicationInsights,
  type Row,
  startApplicationInsights,
  workspaceFunctions,
} from '../../application-insights/index.ts';
import type { LocalSetup } from '../../business/local-setup.ts';
import { type Control, startControl } from '../../control/index.ts';
import { type ControlledService, startDashboard } from '../../dashboard/index.ts';
import { type Destination, startDestination } from '../../destination/index.ts';
import { createEngine } from '../../kql/index.ts';
import { exportsBrokerMetrics, type PlatformMetrics, startPlatformMetrics } from '../../platform-metrics/index.ts';
import { type ServiceBus, startServiceBus } from '../../service-bus/index.ts';
import { UsageError } from '../command.ts';
import { storedStory } from '../trace/stored-story.ts';
import { batchRows } from './batched-rows.ts';
import { type AlertWishes, startCheckoutAlerts } from './checkout-alerts.ts';
import { type ContainerLogs, createContainerLogs } from './container-logs.ts';
import { hasEntities, noServiceBus, readQueuesFile } from './queues-file.ts';

/** Of each table, beside the file: for the lines of requests at the terminal. All others read the tables. */
const RECENT_ROWS = 5_000;

export interface Azure {
  /** Absent where `infra/queues.json` names no queue and no topic. */
  readonly serviceBus: ServiceBus | undefined;
  readonly applicationInsights: ApplicationInsights;
  readonly destination: Destination;
  readonly destinations: readonly string[];
  readonly control: Control;
  readonly platformMetrics: PlatformMetrics;
  readonly containerLogs: ContainerLogs;
  stop(): Promise<void>;
}

/**
 * Starts every stand-in of one checkout: a broker for the queues and topics of its `infra/queues.json`, if there are any, the destinations of its businesses, and
 * the control server over them. All or nothing: when one cannot start, the others are stopped. Throws `UsageError`.
 */
export async function startAzure({
  root,
  setup,
  controlPort,
  token,
  tablesFile,
  alerts: wishes,
  service,
  warn,
}: {
  root: string;
  /** Where telemetry outlives a restart; in memory without it. */
  tablesFile: string | undefined;
  setup: LocalSetup;
  controlPort: number;
  token: string;
  alerts: AlertWishes;
  /** For the page, which shows and switches it. */
  service: ControlledService;
  /** Hears what a person must know. */
  warn: (sentence: string) => void;
}): Promise<Azure> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  const keep = async <Part extends { stop(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    started.push(part);
    return part;
  };
  try {
    const entities = readQueuesFile(root);
    const wanted = setup.destinations();
    const destinations = Object.keys(wanted);
    const serviceBus = hasEntities(entities) ? await keep(startServiceBus({ entities, token })) : undefined;
    const applicationInsights = await keep(
      startApplicationInsights({
        ...(tablesFile && { maxRows: RECENT_ROWS }),
        workspace: { file: tablesFile },
        withSecurityLogs: true,
      }),
    );
    const rows = await keep(Promise.resolve(batchRows(applicationInsights.add, warn)));
    const containerLogs = createContainerLogs(rows.put);
    const exportTo = exportsMetrics(root, warn) ? (some: readonly Row[]) => rows.put(...some) : undefined;
    const platformMetrics = await keep(Promise.resolve(startPlatformMetrics({ serviceBus, exportTo })));
    const destination = await keep(startDestination({ destinations: wanted }));
    const kql = createEngine({ tables: applicationInsights.workspace, functions: workspaceFunctions() });
    await keep(Promise.resolve({ stop: async () => kql.close() }));
    const alerts = startCheckoutAlerts({ root, tables: applicationInsights.workspace, platformMetrics, wishes, warn });
    await keep(Promise.resolve(alerts));
    const standIns = {
      switches: { destination, ingestion: applicationInsights, 'service-bus': serviceBus ?? noServiceBus },
      workspace: applicationInsights.workspace,
      kql,
      alerts: alerts.rules,
      story: (id: string) => storedStory(applicationInsights.workspace, id),
      ledger: (key: string) => destinations.flatMap((name) => destination.ledger.get(key, name) ?? []),
    };
    const dashboard = startDashboard({
      ...{ root, token, service, kql, serviceBus, platformMetrics },
      ...{ telemetry: applicationInsights, businesses: setup.businesses },
      ...{ switches: standIns.switches, ledger: standIns.ledger, alerts },
    });
    await keep(Promise.resolve({ stop: async () => dashboard.stop() }));
    const control = await keep(startControl({ port: controlPort, token, standIns, page: dashboard.handle }));
    const parts = { serviceBus, applicationInsights, platformMetrics, containerLogs, destination, control };
    return { ...parts, destinations, stop };
  } catch (error) {
    await stop();
    throw new UsageError(`Azure on this machine could not start: ${(error as Error).message}`, { cause: error });
  }
}

/** A template that cannot be read is told; the service does not need it. */
function exportsMetrics(root: string, warn: (sentence: string) => void): boolean {
  try {
    return exportsBrokerMetrics(root);
  } catch (error) {
    warn(`${(error as Error).message}. AzureMetrics stays empty.`);
    return false;
  }
}
