import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { readLogDelayMs, silenceSdkOffAzure } from '../../../config/sdk-environment.ts';
import type { Logger } from '../../../platform/log.ts';
import type { ModuleContext, StartSdk } from '../../module.ts';
import type { Delivery } from './delivery.ts';
import { loadDistro, refuseDistro } from './only-start.ts';
import { type Report, reportSdkProblems } from './sdk-diagnostics.ts';

/** Sends the telemetry that has not been sent yet, and stops the SDK. Rejects when it cannot be delivered. */
export type Flush = Awaited<ReturnType<StartSdk>>;

/**
 * Starts telemetry and observes outgoing calls: with the SDK that a module brings, or with the distro. Without one of the
 * two and a connection string there are trace ids and context, and nothing leaves the process. Throws when the connection
 * string is invalid.
 */
export async function startTelemetry(
  options: Partial<AzureMonitorOpenTelemetryOptions>,
  startSdk: StartSdk | undefined,
  { service: { name, version, instance }, settings, log }: ModuleContext,
  report: Report,
  lost: Delivery['lost'],
): Promise<Flush> {
  const ships = settings.applicationInsights !== undefined;
  const attributes = { 'service.name': name, 'service.version': version, 'service.instance.id': instance };
  const resource = resourceFromAttributes(attributes);
  const start = startSdk ?? (ships ? createDistroStart(log, lost) : undefined);
  const flush = await start?.({ ...options, resource });
  if (start) showPatches();
  if (startSdk || !ships) refuseDistro(log);
  // With OTEL_SDK_DISABLED the distro starts nothing, but the messages and log lines of one story still need one trace id.
  const carried = createContextKey('carried');
  if (!context.with(ROOT_CONTEXT.setValue(carried, true), () => context.active().getValue(carried))) {
    const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
    new NodeTracerProvider({ resource }).register();
  }
  registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
  reportSdkProblems(report, log);
  if (!start) log.info('no telemetry is shipped: set APPLICATIONINSIGHTS_CONNECTION_STRING to ship it');
  return flush ?? (async () => {});
}

const createDistroStart =
  (log: Logger, lost: Delivery['lost']): StartSdk =>
  async (options) => {
    silenceSdkOffAzure();
    const { shutdownAzureMonitor, useAzureMonitor } = loadDistro(log);
    useAzureMonitor(options);
    setLogDelay(readLogDelayMs());
    // The batch processors call this handler with the error of each batch that the exporter gives up.
    setGlobalErrorHandler(lost);
    return shutdownAzureMonitor;
  };

/** The SDK patches node:http when it is next required. Named imports see the patch only after the synchronisation. */
function showPatches(): void {
  const require = createRequire(import.meta.url);
  for (const patched of ['node:http', 'node:https']) require(patched);
  syncBuiltinESMExports();
}

/** A private part of the logger provider of the SDK. */
interface ProviderInternals {
  _sharedState?: { processors: { _scheduledDelayMillis?: number }[] };
}

/**
 * Sets how long a log line may wait for others, in milliseconds. The distro (1.21.0) has no option for it and sends every
 * second: in an outage each batch becomes a file, and the exporter replays files slowly.
 */
function setLogDelay(delayMs: number): void {
  for (const processor of (logs.getLoggerProvider() as ProviderInternals)._sharedState?.processors ?? []) {
    if (processor._scheduledDelayMillis !== undefined) processor._scheduledDelayMillis = delayMs;
  }
}
