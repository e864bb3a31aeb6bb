import type { TokenCredential } from '@azure/core-auth';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import type { Request, RequestHandler, Router } from 'express';
import type { ModuleManifest, SectionOf, VariablesOf } from '../config/manifest.ts';
import type { Settings } from '../config/read-settings.ts';
import type { Cost, Slo } from '../config/sections.ts';
import type { TokenVerifier } from '../platform/callers.ts';
import type { Clock } from '../platform/clock.ts';
import type { HealthCheck, HealthReport, Role } from '../platform/health.ts';
import type { JobMiddleware } from '../platform/jobs.ts';
import type { Logger, LogSink } from '../platform/log.ts';
import type { CallMiddleware, Messaging, ReceiveMiddleware, SendMiddleware } from '../platform/messaging.ts';

export type { Level, ModuleManifest, SectionOf, VariablesOf } from '../config/manifest.ts';

/** What `setUp` gets. It runs in the preload, before telemetry starts; `log` holds its records until then. */
export interface ModuleContext<Section = unknown, Variables = unknown> {
  /** The module's own section of `observability.json`, with all defaults; undefined for a module without a section. */
  section: Section;
  level: number;
  active: readonly string[];
  /** A command, such as `npm run dead-letters`, has no roles. */
  service: { name: string; version: string; instance: string; roles: readonly Role[] };
  settings: Settings;
  /** The module's own variables. */
  variables: Variables;
  /** What callers were promised: the numbers that the alert rules compare with. */
  slo: Slo;
  /** What telemetry may cost all replicas together. */
  cost: Cost;
  log: Logger;
  clock: Clock;
  credential: TokenCredential | undefined;
}

/** The platform, which `start` gets before the service listens. */
export interface Runtime {
  /** Absent in a service without queues. */
  messaging: Messaging | undefined;
  health(): HealthReport;
  /** Whether a request may see details: it carries a valid token, or the service runs locally without tokens. */
  authenticated(request: Request): Promise<boolean>;
}

/** Starts a telemetry SDK. Resolves to what sends the last telemetry and stops it; that rejects when it cannot be sent. */
export type StartSdk = (options: AzureMonitorOpenTelemetryOptions) => Promise<() => Promise<void>>;

/**
 * What a module adds. The lists of all modules are joined in the order of the registry; the first is outermost. Objects
 * are merged key by key. Two modules that give the same single value stop the start and are both named.
 */
export interface Contribution {
  azureMonitor?: Partial<AzureMonitorOpenTelemetryOptions>;
  /** Takes the place of the distro of Azure. */
  startSdk?: StartSdk;
  /** Starts the telemetry SDK, once, with the merged options of all modules. If it fails, the service runs without. */
  telemetry?(options: Partial<AzureMonitorOpenTelemetryOptions>, startSdk?: StartSdk): void | Promise<void>;
  http?: RequestHandler[];
  /** Runs when the token check has accepted the caller, before anything of the request is held in memory. */
  afterTokens?: RequestHandler[];
  /** Never measured, logged or rate-limited. */
  routes?: Router[];
  /** Checks the tokens of callers. */
  tokens?: TokenVerifier;
  logSinks?: LogSink[];
  logFields?: (() => Record<string, unknown>)[];
  /** Wraps handling and settling (context, spans, log fields); passes the settlement on unchanged. */
  around?: ReceiveMiddleware[];
  /** Decides what becomes of a message: retry, put aside, dead-letter. */
  receive?: ReceiveMiddleware[];
  send?: SendMiddleware[];
  call?: CallMiddleware[];
  /** Wraps each run of a job, also one that is missed. */
  job?: JobMiddleware[];
  healthChecks?: HealthCheck[];
  start?(runtime: Runtime): void | Promise<void>;
  /** Called in reverse order. When `deadline` aborts, give up what is not done. */
  stop?(deadline: AbortSignal): Promise<void>;
}

/** What a module's `index.ts` exports as `setUp`; `M` is the type of its manifest, which types the section. */
export type SetUp<M extends ModuleManifest> = (
  context: ModuleContext<SectionOf<M>, VariablesOf<M>>,
) => Contribution | Promise<Contribution>;
