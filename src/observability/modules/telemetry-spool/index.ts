import type { SetUp } from '../../module.ts';
import { createSpool } from './spool.ts';

/** Batches of telemetry outlive an outage of their endpoint and the death of the process. */
export const setUp: SetUp = ({ settings, log, clock }) => {
  if (settings.applicationInsights === undefined) return {};
  const { httpClient, health, start, stop } = createSpool({ stateDir: settings.stateDir, log, clock });
  return {
    azureMonitor: { azureMonitorExporterOptions: { httpClient } },
    healthChecks: [{ name: 'telemetry', needed: false, check: async () => health() }],
    start,
    // Before the exporter sends its last.
    stop,
  };
};
