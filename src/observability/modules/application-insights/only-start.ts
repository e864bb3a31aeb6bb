import { createRequire, Module } from 'node:module';
import type { Logger } from '../../../platform/log.ts';

type Distro = Pick<typeof import('@azure/monitor-opentelemetry'), 'useAzureMonitor' | 'shutdownAzureMonitor'>;

const require = createRequire(import.meta.url);
const distroName = '@azure/monitor-opentelemetry';
const notice =
  'the application started the package applicationinsights, which would have ended the telemetry of this service: the call is ignored; switch on the module classic-client, or remove the call';

/**
 * Loads the distro so that the caller alone can start and stop it. The package `applicationinsights` (3.17.0) calls the
 * same two functions: a second start replaces all providers of OpenTelemetry and says nothing. Such a call is reported
 * once and does nothing; what the package tracks goes to the providers that run. The package finds the functions in the
 * copy that `require` loads. That copy also loads a third faster than the other, which `import` loads.
 */
export function loadDistro(log: Logger): Distro {
  const distro: Distro = require(distroName);
  const own = { ...distro };
  Object.assign(distro, refusals(log));
  return own;
}

/** Makes the package find the same refusals where the service does not start the distro, without loading it. */
export function refuseDistro(log: Logger): void {
  const file = require.resolve(distroName);
  require.cache[file] = Object.assign(new Module(file), { loaded: true, exports: refusals(log) });
}

function refusals(log: Logger): Distro {
  let told = false;
  return {
    useAzureMonitor() {
      if (!told) log.warning(notice);
      told = true;
    },
    async shutdownAzureMonitor() {},
  };
}
