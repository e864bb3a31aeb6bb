import { createRequire } from 'node:module';
import type { Logger } from '../../../platform/log.ts';

type Distro = Pick<typeof import('@azure/monitor-opentelemetry'), 'useAzureMonitor' | 'shutdownAzureMonitor'>;

const notice =
  'the application started the package applicationinsights, which would have ended the telemetry of this service: the call is ignored; switch on the module classic-client, or remove the call';

/**
 * Loads the distro so that the caller alone can start and stop it. The package `applicationinsights` (3.17.0) calls the
 * same two functions: a second start replaces all providers of OpenTelemetry and says nothing. Such a call is reported
 * once and does nothing; what the package tracks goes to the providers that run. The package finds the functions in the
 * copy that `require` loads. That copy also loads a third faster than the other, which `import` loads.
 */
export function loadDistro(log: Logger): Distro {
  const distro: Distro = createRequire(import.meta.url)('@azure/monitor-opentelemetry');
  const own = { ...distro };
  let told = false;
  distro.useAzureMonitor = () => {
    if (!told) log.warning(notice);
    told = true;
  };
  distro.shutdownAzureMonitor = async () => {};
  return own;
}
