import type { RequestOptions } from 'node:http';
import type { TokenCredential } from '@azure/core-auth';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { context, diag } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { isLoopbackUrl } from '../../../config/loopback.ts';
import type { ModuleContext } from '../../module.ts';
import type { Delivery } from './delivery.ts';
import { developerRun } from './developer-run.ts';
import { urlRedaction } from './url-redaction.ts';

/** The SDK itself calls these hosts: metadata of the virtual machine, and its remote settings. */
const sdkHosts = ['169.254.169.254', 'settings.sdk.monitor.azure.com'];

/** Options of the instrumentation of node:http. */
export const httpOptions = {
  enabled: true,
  // Our own middleware measures requests: patching the server causes most of the cost of the SDK.
  disableIncomingRequestInstrumentation: true,
  // What an exporter sends makes no span, but the instrumentation would count it in its metric.
  ignoreOutgoingRequestHook: ({ hostname, host }: RequestOptions) =>
    isTracingSuppressed(context.active()) || sdkHosts.includes(hostname ?? host ?? ''),
};

/** Returns the origin of an ingestion endpoint that speaks plain HTTP on this machine; undefined for any other. */
export function findLocalEndpoint(connectionString: string): string | undefined {
  const endpoint = /(?:^|;)\s*IngestionEndpoint\s*=\s*([^;]+)/i.exec(connectionString)?.[1] ?? '';
  const url = URL.parse(endpoint);
  return url?.protocol === 'http:' && isLoopbackUrl(url) ? url.origin : undefined;
}

/**
 * The exporter drops a batch when it gets no token. With an invalid token the endpoint answers 401, and the exporter
 * stores the batch. The invalid token has expired already, so that the next batch asks for a new one.
 */
export const neverWithoutToken = (credential: TokenCredential): TokenCredential => ({
  async getToken(...request) {
    const token = await credential.getToken(...request).catch((error) => diag.error('no token for telemetry:', error));
    return token || { token: 'none', expiresOnTimestamp: Date.now() };
  },
});

/** Options of default Application Insights. Those whose defaults would make figures wrong without a sign are pinned. */
export function chooseDistroOptions(
  connectionString: string,
  percent: number,
  policy: Delivery['policy'],
  { credential, service, settings, log }: Pick<ModuleContext, 'credential' | 'service' | 'settings' | 'log'>,
): Partial<AzureMonitorOpenTelemetryOptions> {
  const local = findLocalEndpoint(connectionString);
  // A command has no roles: what it records is meant.
  const isDeveloperRun = service.roles.length > 0 && local === undefined && !settings.onAzure;
  if (isDeveloperRun)
    log.warning(
      'alerts and dashboards leave out what this run sends: no variable of an Azure host is set, so it is taken for one on the machine of a developer',
    );
  // A command ends within moments: with metrics of each minute it would look like a replica that has gone. A developer's
  // machine would look like one that is there.
  const stays = service.roles.length > 0 && !isDeveloperRun;
  return {
    azureMonitorExporterOptions: {
      connectionString,
      // The exporter stores at once what it cannot deliver, and sends it later, also from the next process.
      disableOfflineStorage: false,
      storageDirectory: settings.stateDir,
      retryOptions: { maxRetries: 0 },
      additionalPolicies: [policy],
      // From the connection string alone the exporter makes https: of http:, and the local endpoint speaks HTTP.
      ...(local !== undefined && { host: local, allowInsecureConnection: true }),
      ...(local === undefined && credential && { credential: neverWithoutToken(credential) }),
    },
    // The default records 5 traces a second and nothing of the others: counts and durations of requests would be wrong.
    tracesPerSecond: 0,
    samplingRatio: percent / 100,
    // A log line is often the only trace of a failure: keep it also when the trace of its request is not kept.
    enableTraceBasedSamplingForLogs: false,
    // Live metrics are free and on by default. They need HTTPS, which the local endpoint does not speak.
    enableLiveMetrics: stays && local === undefined,
    enableStandardMetrics: stays,
    enablePerformanceCounters: stays,
    instrumentationOptions: { http: httpOptions },
    ...(isDeveloperRun && developerRun),
    spanProcessors: [urlRedaction, ...(isDeveloperRun ? developerRun.spanProcessors : [])],
  };
}
