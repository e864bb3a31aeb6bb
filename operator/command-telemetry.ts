import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { ConfigError } from '../src/config/faults.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { identifyService } from '../src/config/service-identity.ts';
import { levels } from '../src/observability/levels.ts';
import { createLogger } from '../src/observability/logger.ts';
import { createLine } from '../src/observability/modules/structured-logs/line.ts';
import { emitLine } from '../src/observability/modules/structured-logs/telemetry-lines.ts';
import { type RegisteredModule, registry } from '../src/observability/registry.ts';
import { startModules } from '../src/observability/start-modules.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { Logger, LogRecord } from '../src/platform/log.ts';
import type { SendMiddleware } from '../src/platform/messaging.ts';
import { environmentWith } from './command-settings.ts';
import type { LocalRun } from './local-run.ts';

/**
 * The part of the service's telemetry that a command uses, so that its changes of a message join that message's story.
 */
export interface CommandTelemetry {
  send: readonly SendMiddleware[];
  log: Logger;
  /** Sends the collected telemetry and stops. */
  stop(): Promise<void>;
}

interface TelemetryOptions {
  /** The role under which its rows appear. */
  name: string;
  /** The local run that the command works on. Its level and ingestion endpoint take precedence over the environment. */
  run: LocalRun | undefined;
  /** The identity that works on the messages. Its telemetry needs a token wherever the messages need one. */
  credential: TokenCredential | undefined;
  /** Called with each warning and error, as one line. */
  tell(line: string): void;
}

export type StartTelemetry = (options: TelemetryOptions) => Promise<CommandTelemetry>;

/** The modules that a command uses. The others watch a running service, or decide about its messages. */
const useful = ['application-insights', 'correlation', 'custom-events', 'security-events'];
const stopMs = 5_000;

/**
 * Starts the service's telemetry, at its level, in this process. If `observability.json` or the variables have faults,
 * it shows them and the command runs without telemetry: a replay must not depend on that configuration.
 */
export const startTelemetry: StartTelemetry = async (options) => {
  try {
    return await startUseful(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const sentence = 'This run sends no telemetry, because the configuration has faults.';
    for (const line of [sentence, ...error.message.split('\n')]) options.tell(line);
    return withoutTelemetry(options.tell);
  }
};

/** Shows warnings and errors on the terminal only. */
export function withoutTelemetry(tell: (line: string) => void): CommandTelemetry {
  const { log, bind } = createLogger({ minimum: 'warning', clock: systemClock });
  bind([(record) => tell(JSON.stringify(createLine(record)))], []);
  return { send: [], log, stop: async () => {} };
}

const startUseful: StartTelemetry = async ({ name, run, credential, tell }) => {
  const manifests = registry.map(({ manifest }) => manifest);
  const config = loadConfig({ manifests, levels, env: environmentWith(run ? variablesOf(run) : {}) });
  if (run?.securityLogs) trust(run.securityLogs.certificate);
  const { level, sections, settings, variables, active: configured } = config;
  const lines = linesModule(tell, { ships: configured.includes('structured-logs') });
  const active = configured.filter((module) => useful.includes(module));
  const logger = createLogger({ minimum: settings.logLevel, clock: systemClock });

  const { send, stop } = await startModules({
    registry: [...registry, lines],
    sections,
    logger,
    context: {
      level,
      active: [...active, lines.manifest.name],
      service: { ...identifyService(settings), name, roles: [] },
      settings,
      variables,
      slo: sections.slo,
      cost: sections.cost,
      clock: systemClock,
      credential,
    },
  });
  if (active.includes('custom-events') && settings.applicationInsights === undefined) {
    tell('This run records no events: set APPLICATIONINSIGHTS_CONNECTION_STRING to record them.');
  }
  return { send, log: logger.log, stop: () => stop(AbortSignal.timeout(stopMs)) };
};

/** Writes warnings and errors to standard error, because standard output is for the results of a command. */
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

/** Node reads NODE_EXTRA_CA_CERTS only when it starts. Before 24.5 and 22.19 it cannot trust more later: then sending fails. */
function trust(file: string): void {
  tls.setDefaultCACertificates?.([...tls.getCACertificates('default'), readFileSync(file, 'utf8')]);
}

/** A run file contains the endpoint but no key; the local endpoint accepts any key. */
const variablesOf = ({ level, ingestion, securityLogs }: LocalRun) => ({
  OBSERVABILITY_LEVEL: String(level),
  APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${ingestion};LiveEndpoint=${ingestion}`,
  SECURITY_LOGS_ENDPOINT: securityLogs?.endpoint,
  SECURITY_LOGS_RULE: securityLogs?.rule,
});
