import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { silenceSdkOffAzure } from '../../../config/sdk-environment.ts';
import type { ModuleContext } from '../../module.ts';
import { reportSdkProblems } from './sdk-diagnostics.ts';

/** Sends what is still held and ends; rejects when it cannot be delivered. */
export type Flush = () => Promise<void>;

const describeService = ({ name, version, instance }: ModuleContext['service']) =>
  resourceFromAttributes({ 'service.name': name, 'service.version': version, 'service.instance.id': instance });

/** Starts the Azure Monitor distro and observes outgoing calls. Throws when the connection string is not one. */
export async function startShipping(
  options: Partial<AzureMonitorOpenTelemetryOptions>,
  { service, log, clock }: ModuleContext,
): Promise<Flush> {
  silenceSdkOffAzure();
  const { shutdownAzureMonitor, useAzureMonitor } = await import('@azure/monitor-opentelemetry');
  useAzureMonitor({ ...options, resource: describeService(service) });
  // The SDK patches node:http when it is next required, and named imports see the patch only after this.
  const require = createRequire(import.meta.url);
  for (const name of ['node:http', 'node:https']) require(name);
  syncBuiltinESMExports();
  observeFetch();
  reportSdkProblems(log, clock);
  return async () => shutdownAzureMonitor();
}

/** Trace ids and context, as with telemetry, and nothing that leaves the process. */
export async function startWithoutShipping({ service, log, clock }: ModuleContext): Promise<Flush> {
  const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  new NodeTracerProvider({ resource: describeService(service) }).register();
  observeFetch();
  reportSdkProblems(log, clock);
  log.info('no telemetry is shipped: set APPLICATIONINSIGHTS_CONNECTION_STRING to ship it');
  return async () => {};
}

const observeFetch = () => registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
