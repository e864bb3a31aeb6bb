import { loadConfig } from '../config/load-config.ts';
import { identifyService } from '../config/service-identity.ts';
import { levels } from '../observability/levels.ts';
import { createLogger } from '../observability/logger.ts';
import { createLine } from '../observability/modules/structured-logs/line.ts';
import { emitLine } from '../observability/modules/structured-logs/telemetry-lines.ts';
import { type RegisteredModule, registry } from '../observability/registry.ts';
import { startModules } from '../observability/start.ts';
import { systemClock } from '../platform/clock.ts';
import { createCredential } from '../platform/credential.ts';
import type { Logger, LogRecord } from '../platform/log.ts';
import type { ReceiveMiddleware, SendMiddleware } from '../platform/messaging.ts';
import type { Run } from './run-file/run.ts';

/** What of the service's modules a command uses: what it does to a message belongs to that message's story. */
export interface CommandModules {
  /** Names of those that are on. */
  active: readonly string[];
  around: readonly ReceiveMiddleware[];
  send: readonly SendMiddleware[];
  log: Logger;
  /** Sends what telemetry there is. */
  stop(): Promise<void>;
}

interface StartOptions {
  /** The role under which its rows appear. */
  name: string;
  /** The local run that the command works on: its level and its ingestion endpoint come before the environment's. */
  run: Run | undefined;
  /** Takes warnings and errors, a JSON line each. */
  tell(line: string): void;
}

export type StartCommandModules = (options: StartOptions) => Promise<CommandModules>;

/** The others watch a service that stays, or decide what it does with its messages. */
const useful = ['application-insights', 'correlation', 'custom-events'];
const stopMs = 5_000;

/**
 * Starts the service's modules at its level in this process. To be called before what they observe is imported. Throws
 * `ConfigError` when `observability.json` or the variables have faults.
 */
export const startCommandModules: StartCommandModules = async ({ name, run, tell }) => {
  const manifests = registry.map(({ manifest }) => manifest);
  const overrides = run && {
    OBSERVABILITY_LEVEL: String(run.level),
    APPLICATIONINSIGHTS_CONNECTION_STRING: connectionStringOf(run),
  };
  const config = loadConfig({
    manifests,
    levels,
    ...(overrides && { overrides }),
  });
  const { level, sections, settings } = config;
  const onAzure = settings.azureClientId !== undefined;
  const lines = linesModule(tell, { ships: config.active.includes('structured-logs') });
  const active = config.active.filter((module) => useful.includes(module));
  const logger = createLogger({ minimum: settings.logLevel, clock: systemClock });

  const modules = await startModules({
    registry: [...registry, lines],
    sections,
    logger,
    context: {
      level,
      active: [...active, lines.manifest.name],
      service: { ...identifyService(settings), name, roles: [] },
      settings,
      clock: systemClock,
      credential: onAzure ? await createCredential(settings.azureClientId) : undefined,
    },
  });
  if (active.includes('custom-events') && settings.applicationInsights === undefined) {
    tell('No events are recorded of this: set APPLICATIONINSIGHTS_CONNECTION_STRING to have them.');
  }
  const { around, send } = modules;
  return { active, around, send, log: logger.log, stop: () => modules.stop(AbortSignal.timeout(stopMs)) };
};

/** No modules at all: what the command does shows on the terminal alone. */
export function withoutModules(tell: (line: string) => void): CommandModules {
  const { log, bind } = createLogger({ minimum: 'warning', clock: systemClock });
  bind([(record) => tell(JSON.stringify(createLine(record)))], []);
  return { active: [], around: [], send: [], log, stop: async () => {} };
}

/** Standard output is for results, so lines do not go where a service writes them. */
function linesModule(tell: (line: string) => void, { ships }: { ships: boolean }): RegisteredModule {
  const sink = (record: LogRecord) => {
    const line = createLine(record);
    if (ships) emitLine(line);
    if (record.severity === 'warning' || record.severity === 'error') tell(JSON.stringify(line));
  };
  return {
    manifest: { name: 'command-lines', level: 1, answers: 'What did the command say?', needs: [] },
    load: async () => ({ setUp: () => ({ logSinks: [sink] }) }),
  };
}

/** The endpoints are all that a local run tells; any key will do there. */
const connectionStringOf = ({ ingestion }: Run) =>
  `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${ingestion};LiveEndpoint=${ingestion}`;
