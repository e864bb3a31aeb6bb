import { ConfigError } from '../src/config/faults.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { identifyService } from '../src/config/service-identity.ts';
import { levels } from '../src/observability/levels.ts';
import { createLogger } from '../src/observability/logger.ts';
import { createLine } from '../src/observability/modules/structured-logs/line.ts';
import { emitLine } from '../src/observability/modules/structured-logs/telemetry-lines.ts';
import { type RegisteredModule, registry } from '../src/observability/registry.ts';
import { startModules } from '../src/observability/start.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createCredential } from '../src/platform/credential.ts';
import type { Logger, LogRecord } from '../src/platform/log.ts';
import type { SendMiddleware } from '../src/platform/messaging.ts';
import type { LocalRun } from './local-run.ts';

/** What of the service's telemetry a command uses: what it does to a message belongs to that message's story. */
export interface CommandTelemetry {
  send: readonly SendMiddleware[];
  log: Logger;
  /** Delivers what there is. */
  stop(): Promise<void>;
}

interface TelemetryOptions {
  /** The role under which its rows appear. */
  name: string;
  /** The local run that the command works on: its level and its ingestion endpoint come before the environment's. */
  run: LocalRun | undefined;
  /** Takes warnings and errors, a line each. */
  tell(line: string): void;
}

export type StartTelemetry = (options: TelemetryOptions) => Promise<CommandTelemetry>;

/** The other modules watch a service that stays, or decide what it does with its messages. */
const useful = ['application-insights', 'correlation', 'custom-events'];
const stopMs = 5_000;

/**
 * Starts the telemetry of the service, at its level, in this process. A fault in `observability.json` or in the variables
 * is told and leaves the command without: a repair must not wait for another one.
 */
export const startTelemetry: StartTelemetry = async (options) => {
  try {
    return await startUseful(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const sentence = 'Telemetry hears nothing of this, because the configuration has faults.';
    for (const line of [sentence, ...error.message.split('\n')]) options.tell(line);
    return withoutTelemetry(options.tell);
  }
};

/** What the command does shows on the terminal alone. */
export function withoutTelemetry(tell: (line: string) => void): CommandTelemetry {
  const { log, bind } = createLogger({ minimum: 'warning', clock: systemClock });
  bind([(record) => tell(JSON.stringify(createLine(record)))], []);
  return { send: [], log, stop: async () => {} };
}

const startUseful: StartTelemetry = async ({ name, run, tell }) => {
  const manifests = registry.map(({ manifest }) => manifest);
  const overrides = run ? overridesOf(run) : {};
  const config = loadConfig({ manifests, levels, overrides });
  const { level, sections, settings, active: configured } = config;
  const lines = linesModule(tell, { ships: configured.includes('structured-logs') });
  const active = configured.filter((module) => useful.includes(module));
  const logger = createLogger({ minimum: settings.logLevel, clock: systemClock });
  const { azureClientId } = settings;

  const { send, stop } = await startModules({
    registry: [...registry, lines],
    sections,
    logger,
    context: {
      level,
      active: [...active, lines.manifest.name],
      service: { ...identifyService(settings), name, roles: [] },
      settings,
      clock: systemClock,
      credential: azureClientId === undefined ? undefined : await createCredential(azureClientId),
    },
  });
  if (active.includes('custom-events') && settings.applicationInsights === undefined) {
    tell('No events are recorded of this: set APPLICATIONINSIGHTS_CONNECTION_STRING to have them.');
  }
  return { send, log: logger.log, stop: () => stop(AbortSignal.timeout(stopMs)) };
};

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

/** A run file names the endpoint alone; the local endpoint takes any key. */
const overridesOf = ({ level, ingestion }: LocalRun) => ({
  OBSERVABILITY_LEVEL: String(level),
  APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${ingestion};LiveEndpoint=${ingestion}`,
});
