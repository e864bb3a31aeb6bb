import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { localBusinesses } from '../../business/index.ts';
import { readLocalSetup } from '../../business/local-setup.ts';
import { localFolders, openLocalFolder, publishRun, type Run, type RunFile } from '../../run-file/index.ts';
import { exitCodes } from '../command.ts';
import { inColour, plain } from '../for-eyes.ts';
import { listenForTheEnd } from './ask-to-end.ts';
import { type Azure, startAzure } from './azure.ts';
import { type AlertWishes, describeAlert } from './checkout-alerts.ts';
import { inspectArguments } from './debugging.ts';
import { readEnvFile, withFile } from './env-file.ts';
import { shownLevel } from './level.ts';
import { openBrowser } from './open-browser.ts';
import { pageOfService } from './page-of-service.ts';
import { choosePort } from './ports.ts';
import { otherStart, previousRun } from './previous-run.ts';
import { followQueuesFile } from './queues-file.ts';
import { runService } from './run-service.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type Command, production } from './service-process.ts';
import { createServiceSwitch } from './service-switch.ts';
import { describeRun } from './summary.ts';
import { openTerminal } from './terminal/index.ts';
import { writeTrusted } from './trusted-certificates.ts';
import { atLevel, readVariables, switchedTo } from './variables.ts';

/** Makes the service write what it would write to a terminal. */
const forPersons = new URL('./watched-by-a-person.preload.ts', import.meta.url).href;

export interface LocalOptions {
  /** The checkout. */
  root: string;
  env?: NodeJS.ProcessEnv;
  /** 0: the system picks a free port. A port that is taken is replaced by a free one. */
  ports?: { service: number; dashboard: number };
  service?: Command;
  /** The port on which the service may be debugged. */
  inspect?: number | undefined;
  /** Open the page in the browser once the service is ready. */
  open?: boolean;
  /** Render the service's log for a person, instead of passing its JSON on. */
  forEyes?: boolean;
  /** Gets the alerts that fire and are resolved. */
  alertsWebhook?: URL | undefined;
}

/**
 * Azure on this machine and the service on it, until somebody ends it; answers the exit code. When the checkout runs already,
 * only tells where. Throws when a stand-in cannot start.
 */
export async function startLocal({
  root,
  env = process.env,
  ports = { service: 3000, dashboard: 4600 },
  service = production,
  inspect,
  open = false,
  forEyes = false,
  alertsWebhook,
}: LocalOptions): Promise<number> {
  const end = listenForTheEnd();
  const previous = await previousRun(root);
  if (previous.running) {
    if (open) openBrowser(previous.running.dashboard, warn);
    return tellWhere(previous.running);
  }

  const folder = await openLocalFolder(root);
  const token = randomBytes(24).toString('base64url');
  const setup = await readLocalSetup(root, localBusinesses);
  const tablesFile = tablesFileIn(root, folder);
  const controlPort = await choosePort(ports.dashboard);
  const serviceSwitch = createServiceSwitch({ tell: (sentence) => write(`${sentence}\n`) });
  const alerts: AlertWishes = {
    environment: () => switchedTo(serviceSwitch.level, withFile(env, readEnvFile(root).variables)),
    tell: (notice) => (forEyes ? write(describeAlert(notice, inColour)) : warn(describeAlert(notice, plain).trimEnd())),
    webhook: alertsWebhook,
  };
  let shown: { run: Run; file: string } | undefined;
  const page = pageOfService({ root, env, setup, serviceSwitch, shown: () => shown });
  const options = { root, setup, controlPort, token, tablesFile, alerts, service: page, warn };
  const azure = await startAzure(options).catch(otherStart(root));
  if (!('control' in azure)) return tellWhere(azure);
  let file: RunFile | undefined;
  const removeFile = () => file?.remove();
  process.once('exit', removeFile); // also when an error ends us
  try {
    const port = await choosePort(ports.service);
    const level = shownLevel(root, withFile(env, readEnvFile(root).variables));
    const certificate = await writeTrusted(folder, azure.applicationInsights.securityLogs?.certificate ?? '', env);
    const run = describe(azure, { port, token, level, certificate });
    const published = await publishRun(folder, run);
    if (!published) return tellWhere((await previousRun(root)).running ?? run);
    file = published;
    shown = { run, file: published.path };
    const { applicationInsights, destinations, control, serviceBus } = azure;
    const { variables } = setup;
    const facts = { port, folder, applicationInsights: applicationInsights.connectionString };
    control.show(publicFacts(run));
    await runService({
      root,
      environment: () =>
        atLevel(
          readVariables(root, env, (given) => serviceEnvironment(given, run, { ...facts, variables: variables(run) })),
          serviceSwitch.level,
        ),
      control: serviceSwitch,
      opened: open ? () => openBrowser(run.dashboard, warn) : undefined,
      followQueues: followQueuesFile(root, serviceBus?.entities),
      command: withNodeOptions(service, { inspect, asTerminal: forEyes || process.stdout.isTTY }),
      terminal: forEyes ? openTerminal({ root, paint: inColour, requests: applicationInsights, write }) : undefined,
      observers: { container: azure.containerLogs, metrics: azure.platformMetrics.service },
      run,
      destinations,
      destinationsNow: () => Object.keys(setup.destinations()),
      notes: [
        ...[previous.note, tablesFile ? undefined : inMemory, ...setup.notes].filter((note) => note !== undefined),
        ...movedPorts(ports, run),
      ],
      async publish(current) {
        control.show(publicFacts(current));
        await published.update(current);
      },
      end,
    });
    return exitCodes.done;
  } finally {
    await azure.stop();
    removeFile();
    process.off('exit', removeFile);
  }
}

/** Telemetry lasts where the checkout can be written: the system's temporary folder is no place for it. */
const tablesFileIn = (root: string, folder: string): string | undefined =>
  folder === localFolders(root).inside ? join(folder, 'telemetry', 'tables.duckdb') : undefined;

const inMemory = 'Telemetry is kept in memory and goes at the end: this checkout cannot be written.';

function tellWhere(run: Run): number {
  process.stdout.write(describeRun(run, [`It is running already, as process ${run.pid}.`]));
  return exitCodes.done;
}

const describe = (
  azure: Azure,
  { port, token, level, certificate }: { port: number; token: string; level: number; certificate: string },
): Run => ({
  version: 1,
  pid: process.pid,
  level,
  service: `http://127.0.0.1:${port}`,
  dashboard: azure.control.url,
  serviceBus: azure.serviceBus?.connectionString,
  serviceBusAdmin: azure.serviceBus?.adminUrl,
  ingestion: azure.applicationInsights.url,
  ...(azure.applicationInsights.securityLogs && {
    securityLogs: { ...azure.applicationInsights.securityLogs, certificate },
  }),
  destination: azure.destination.url,
  token,
});

const write = (text: string) => void process.stdout.write(text);
const warn = (sentence: string) => void process.stderr.write(`${sentence}\n`);

/** Options of Node come before everything else. `asTerminal`: the service writes as to a terminal, though we read it. */
const withNodeOptions = (
  { command, args }: Command,
  { inspect, asTerminal }: { inspect: number | undefined; asTerminal: boolean },
): Command => ({
  command,
  args: [...inspectArguments(inspect), ...(asTerminal ? ['--import', forPersons] : []), ...args],
});

/** What everybody on this machine may read. */
const publicFacts = ({ version, pid, level, service, ingestion, destination }: Run) => ({
  version,
  pid,
  level,
  service,
  ingestion,
  destination,
});

function movedPorts(preferred: NonNullable<LocalOptions['ports']>, run: Run): string[] {
  return (['service', 'dashboard'] as const).flatMap((what) => {
    const { port } = new URL(run[what]);
    const isMoved = preferred[what] !== 0 && Number(port) !== preferred[what];
    return isMoved ? `Port ${preferred[what]} is taken, so the ${what} is on ${port}.` : [];
  });
}
