import { createRequire } from 'node:module';

// Microsoft's distribution as its documentation starts it, in place of the modules of telemetry, and without its sampler: the
// version that the service itself has, which the folder of the peers may have another of.
const { useAzureMonitor } = createRequire(new URL('../../../package.json', import.meta.url))(
  '@azure/monitor-opentelemetry',
) as typeof import('@azure/monitor-opentelemetry');
const { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString = '', SINK = '' } = process.env;
useAzureMonitor({
  azureMonitorExporterOptions: {
    connectionString,
    host: SINK,
    allowInsecureConnection: true,
    disableOfflineStorage: true,
  },
  enableLiveMetrics: false,
  tracesPerSecond: 0,
  samplingRatio: 1,
});
