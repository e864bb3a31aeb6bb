import { businesses } from './business/index.ts';
import { type Config, loadConfig } from './config/load-config.ts';
import { levels } from './observability/levels.ts';
import { registry } from './observability/registry.ts';

/** The whole configuration, the variables of the businesses included. Throws `ConfigError` with all faults together. */
export const loadServiceConfig = (): Config =>
  loadConfig({
    manifests: registry.map(({ manifest }) => manifest),
    levels,
    businesses,
    needsServiceBus: businesses.some(({ sends, handlers }) => sends !== undefined || handlers !== undefined),
  });
