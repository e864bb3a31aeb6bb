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
import type { ModuleContext } from '../../module.ts';
import type { Delivery } from './delivery.ts';
import { loadDistro, refuseDistro } from './only-start.ts';
import { type Report, reportSdkProblems } from './sdk-diagnostics.ts';

/** Sends the telemetry that has not been sent yet, and stops the SDK. Rejects when it cannot be delivered. */
export type Flush = () => Promise<void>;

/**
 * Starts telemetry and observes outgoing calls. Without a connection string there are trace ids and context, as with one,
 * and nothing leaves the process. Throws when the connection string is invalid.
 */
export async function startTelemetry(
  options: Partial<AzureMonitorOpenTelemetryOptions>,
  { service: { name, version, instance }, settings, log }: ModuleContext,
  report: Report,
  lost: Delivery['lost'],
): Promise<Flush> {
  const ships = settings.applicationInsights !== undefined;
  const attributes = { 'service.name': name, 'service.version': version, 'service.instance.id': instance };
  const resource = resourceFromAttributes(attributes);
  const flush = ships ? startDistro({ ...options, resource }, log, lost) : async () => {};
  if (!ships) refuseDistro(log);
  // With OTEL_SDK_DISABLED the distro starts nothing, but the messages and log lines of one story still need one trace id.
  const carried = createContextKey('carried');
  if (!context.with(ROOT_CONTEXT.setValue(carried, true), () => context.active().getValue(carried))) {
    const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
    new NodeTracerProvider({ resource }).register();
  }
  registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
  reportSdkProblems(report, log);
  if (!ships) log.info('no telemetry is shipped: set APPLICATIONINSIGHTS_CONNECTION_STRING to ship it');
  return flush;
}

function startDistro(options: AzureMonitorOpenTelemetryOptions, log: Logger, lost: Delivery['lost']): Flush {
  silenceSdkOffAzure();
  const { shutdownAzureMonitor, useAzureMonitor } = loadDistro(log);
  useAzureMonitor(options);
  setLogDelay(readLogDelayMs());
  // The batch processors call this handler with the error of each batch that the exporter gives up.
  setGlobalErrorHandler(lost);
  // The SDK patches node:http when it is next required. Named imports see the patch only after the synchronisation.
  const require = createRequire(import.meta.url);
  for (const patched of ['node:http', 'node:https']) require(patched);
  syncBuiltinESMExports();
  return shutdownAzureMonitor;
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
