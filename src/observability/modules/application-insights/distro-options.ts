import type { RequestOptions } from 'node:http';
import type { AzureMonitorOpenTelemetryOptions } from '@azure/monitor-opentelemetry';
import { isLoopbackUrl } from '../../../config/loopback.ts';
import type { ModuleContext } from '../../module.ts';
import type { Delivery } from './delivery.ts';
import { neverWithoutToken } from './never-without-token.ts';
import { urlRedaction } from './url-redaction.ts';

type Options = Partial<AzureMonitorOpenTelemetryOptions>;

/** What the SDK calls for its own sake: a virtual machine's metadata, and remote settings. Not calls of this service. */
const sdkHosts = ['169.254.169.254', 'settings.sdk.monitor.azure.com'];

/** The origin of a plain-HTTP endpoint on this machine, or undefined: everywhere else only HTTPS is spoken. */
export function findLocalEndpoint(connectionString: string): string | undefined {
  const endpoint = /(?:^|;)\s*IngestionEndpoint\s*=\s*([^;]+)/i.exec(connectionString)?.[1]?.trim();
  if (!endpoint || !URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  return url.protocol === 'http:' && isLoopbackUrl(url) ? url.origin : undefined;
}

/** Default Application Insights, with what silently falsifies figures pinned. */
export function chooseDistroOptions(
  connectionString: string,
  percent: number,
  policy: Delivery['policy'],
  { credential, service, settings }: Pick<ModuleContext, 'credential' | 'service' | 'settings'>,
): Options {
  // A command runs for moments: figures of each minute would make it look like a replica that has gone.
  const stays = service.roles.length > 0;
  const local = findLocalEndpoint(connectionString);
  const http = {
    enabled: true,
    // Requests are measured by our own middleware; patching the server is where most of the SDK's cost sits.
    disableIncomingRequestInstrumentation: true,
    ignoreOutgoingRequestHook: ({ hostname, host }: RequestOptions) => sdkHosts.includes(hostname ?? host ?? ''),
  };
  return {
    azureMonitorExporterOptions: {
      connectionString,
      // What cannot be delivered is stored at once and sent later, also by the next process: no retries in memory.
      disableOfflineStorage: false,
      storageDirectory: settings.stateDir,
      retryOptions: { maxRetries: 0 },
      additionalPolicies: [policy],
      // The connection string alone turns http: into https:, which no local endpoint speaks.
      ...(local !== undefined && { host: local, allowInsecureConnection: true }),
      ...(local === undefined && credential && { credential: neverWithoutToken(credential) }),
    },
    // The default of 5 traces a second does not record the rest, so request counts and durations would be wrong.
    tracesPerSecond: 0,
    samplingRatio: percent / 100,
    // A log line is kept whatever becomes of its trace: it is often the only witness of a failure.
    enableTraceBasedSamplingForLogs: false,
    // Free and on by default in Azure; it speaks HTTPS only, so a local endpoint cannot serve it.
    enableLiveMetrics: stays && local === undefined,
    enableStandardMetrics: stays,
    enablePerformanceCounters: stays,
    instrumentationOptions: { http },
    spanProcessors: [urlRedaction],
  };
}
