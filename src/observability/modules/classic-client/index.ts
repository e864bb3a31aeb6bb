import { createRequire } from 'node:module';
import type { TelemetryClient } from 'applicationinsights';
import type { Logger } from '../../../platform/log.ts';
import type { SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';

// Loads the copies that the calls of the application use. `import` would load another copy of the distro.
const require = createRequire(import.meta.url);
const nothingToEnd = { forceFlush: async () => {}, shutdown: async () => {} };
const notice =
  'setup().start() of the package applicationinsights is superfluous, and the options that the application gives it do not count: classic-client has started it; remove the call';

/** Private parts of a client (3.17.0). */
interface ClientInternals {
  _isInitialized: boolean;
  _useGlobalProviders: boolean;
}

/**
 * Starts the package `applicationinsights` for code that calls it. What such code tracks goes to the providers that
 * `application-insights` has started, so the options of the service hold for it: sampling, storage, processors, flush.
 */
export const setUp: SetUp<typeof manifest> = ({ settings, log }) => {
  let attributes = () => ({});
  return {
    azureMonitor: {
      spanProcessors: [{ onStart: (span) => void span.setAttributes(attributes()), onEnd() {}, ...nothingToEnd }],
      logRecordProcessors: [{ onEmit: (record) => void record.setAttributes(attributes()), ...nothingToEnd }],
    },
    // Runs after the SDK has started, because `application-insights` comes earlier in the registry.
    telemetry() {
      attributes = startClassicClient(settings.applicationInsights, log);
    },
  };
};

/** Returns a function that reads the properties that the application has given its client for all telemetry. */
function startClassicClient(connectionString: string | undefined, log: Logger) {
  const classic: typeof import('applicationinsights') = require('applicationinsights');
  const distro: typeof import('@azure/monitor-opentelemetry') = require('@azure/monitor-opentelemetry');
  const { initialize } = classic.TelemetryClient.prototype;
  let told = false;

  // Each client of the package starts the distro before it tracks. The distro runs already, so there is nothing to do.
  Object.assign(distro, { useAzureMonitor() {} });
  classic.TelemetryClient.prototype.initialize = function initializeOnce(this: TelemetryClient) {
    const { _isInitialized, _useGlobalProviders } = this as unknown as ClientInternals;
    if (_isInitialized && !told) {
      told = true;
      log.warning(notice);
    }
    // The platform logs uncaught exceptions and unhandled rejections: the package would make a second row of each.
    if (_useGlobalProviders) this.config.enableAutoCollectExceptions = false;
    initialize.call(this);
  };
  classic.setup(connectionString).start();

  return () => ({ ...classic.defaultClient?.context.tags, ...classic.defaultClient?.commonProperties });
}
