import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { defaultResource, envDetector, hostDetector, osDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { StartSdk } from '../../module.ts';
import { httpOptions } from '../application-insights/distro-options.ts';

/**
 * Starts the SDK of OpenTelemetry itself, with the processors and readers of all modules, the detectors of the distro and
 * its instrumentation of node:http. Options that only the distro knows do nothing.
 */
export const startOwnSdk: StartSdk = async (options) => {
  const sdk = new NodeSDK({
    ...options,
    resource: defaultResource().merge(options.resource ?? null),
    resourceDetectors: [envDetector, hostDetector, osDetector],
    instrumentations: [new HttpInstrumentation(httpOptions)],
  });
  sdk.start();
  return () => sdk.shutdown();
};
