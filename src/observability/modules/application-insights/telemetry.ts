import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { readLogDelayMs, silenceSdkOffAzure } from '../../../config/sdk-environment.ts';
import type { ModuleContext } from '../../module.ts';
import type { Delivery } from './delivery.ts';
import { setLogDelay } from './log-delay.ts';
import { type Report, reportSdkProblems } from './sdk-diagnostics.ts';

/** Sends what is still held and ends; rejects when it cannot be delivered. */
export type Flush = () => Promise<void>;

const describeService = ({ name, version, instance }: ModuleContext['service']) =>
  resourceFromAttributes({ 'service.name': name, 'service.version': version, 'service.instance.id': instance });

/** Starts the Azure Monitor distro and observes outgoing calls. Throws when the connection string is not one. */
export async function startShipping(
  options: Partial<AzureMonitorOpenTelemetryOptions>,
  { service }: ModuleContext,
  report: Report,
  lost: Delivery['lost'],
): Promise<Flush> {
  silenceSdkOffAzure();
  const { shutdownAzureMonitor, useAzureMonitor } = await import('@azure/monitor-opentelemetry');
  useAzureMonitor({ ...options, resource: describeService(service) });
  setLogDelay(readLogDelayMs());
  // The batch processors call it with each batch that the exporter has given up.
  setGlobalErrorHandler(lost);
  // With OTEL_SDK_DISABLED it starts nothing: messages and log lines of a story still need something in common.
  if (!carriesContext()) await registerTraces(service);
  // The SDK patches node:http when it is next required, and named imports see the patch only after this.
  const require = createRequire(import.meta.url);
  for (const name of ['node:http', 'node:https']) require(name);
  syncBuiltinESMExports();
  observeFetch();
  reportSdkProblems(report);
  return async () => shutdownAzureMonitor();
}

/** Trace ids and context, as with telemetry, and nothing that leaves the process. */
export async function startWithoutShipping({ service, log }: ModuleContext, report: Report): Promise<Flush> {
  await registerTraces(service);
  observeFetch();
  reportSdkProblems(report);
  log.info('no telemetry is shipped: set APPLICATIONINSIGHTS_CONNECTION_STRING to ship it');
  return async () => {};
}

async function registerTraces(service: ModuleContext['service']): Promise<void> {
  const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  new NodeTracerProvider({ resource: describeService(service) }).register();
}

function carriesContext(): boolean {
  const key = createContextKey('carries');
  return context.with(ROOT_CONTEXT.setValue(key, true), () => context.active().getValue(key) === true);
}

const observeFetch = () => registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
