import type { TokenCredential } from '@azure/core-auth';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import type { Request, RequestHandler, Router } from 'express';
import type { ModuleManifest, SectionOf } from '../config/manifest.ts';
import type { Settings } from '../config/read-settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { HealthCheck, HealthReport, Role } from '../platform/health.ts';
import type { Logger, LogSink } from '../platform/log.ts';
import type { CallMiddleware, Messaging, ReceiveMiddleware, SendMiddleware } from '../platform/messaging.ts';

export type { Level, ModuleManifest, SectionOf } from '../config/manifest.ts';

/** Facts for `setUp`, which runs in the preload before any telemetry is started. `log` is bound late: lines wait for it. */
export interface ModuleContext<Section = unknown> {
  /** Its own section of `observability.json`, with every default filled in; undefined for a module without one. */
  section: Section;
  level: number;
  active: readonly string[];
  /** A command, such as `npm run dead-letters`, plays no role. */
  service: { name: string; version: string; instance: string; roles: readonly Role[] };
  settings: Settings;
  log: Logger;
  clock: Clock;
  credential: TokenCredential | undefined;
}

/** The built platform, handed to `start` before the service listens. */
export interface Runtime {
  /** Absent in a service without queues. */
  messaging: Messaging | undefined;
  health(): HealthReport;
  /** Whether a request may see details: it carries a valid token, or the service runs locally without tokens. */
  authenticated(request: Request): Promise<boolean>;
}

/** What a module adds. All lists are joined in registry order and the first is outermost; no functions run until called. */
export interface Contribution {
  /** Arrays are joined, objects merged one level; two modules that give one scalar stop the start and are both named. */
  azureMonitor?: Partial<AzureMonitorOpenTelemetryOptions>;
  /** Starts the telemetry SDK, once, with everybody's merged options. Its failure is reported and the service serves. */
  telemetry?(options: Partial<AzureMonitorOpenTelemetryOptions>): void | Promise<void>;
  http?: RequestHandler[];
  /** Never measured, logged or rate-limited. */
  routes?: Router[];
  logSinks?: LogSink[];
  logFields?: (() => Record<string, unknown>)[];
  /** Wraps handling and settling (context, spans, log fields); passes the settlement on unchanged. */
  around?: ReceiveMiddleware[];
  /** Decides: retry, put aside, dead-letter. */
  receive?: ReceiveMiddleware[];
  send?: SendMiddleware[];
  call?: CallMiddleware[];
  healthChecks?: HealthCheck[];
  start?(runtime: Runtime): void | Promise<void>;
  /** Called in reverse order; what is not done when `deadline` aborts is given up. */
  stop?(deadline: AbortSignal): Promise<void>;
}

/** What a module's `index.ts` exports as `setUp`; `M` is the type of its manifest, which types the section. */
export type SetUp<M extends ModuleManifest> = (
  context: ModuleContext<SectionOf<M>>,
) => Contribution | Promise<Contribution>;
