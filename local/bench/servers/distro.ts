import { useAzureMonitor } from '@azure/monitor-opentelemetry';

// Loaded with --import before the peer: Microsoft's distribution with its defaults, or with the sampling that SAMPLING asks
// for. Live metrics are off for all subjects: off Azure they can only fail.
const { SINK = '', SAMPLING } = process.env;
useAzureMonitor({
  azureMonitorExporterOptions: {
    connectionString: `InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=${SINK}`,
    host: SINK,
    allowInsecureConnection: true,
    disableOfflineStorage: true,
  },
  enableLiveMetrics: false,
  ...(SAMPLING && { tracesPerSecond: 0, samplingRatio: Number(SAMPLING) / 100 }),
});
