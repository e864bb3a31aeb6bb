import { join } from 'node:path';
import { ConfigError } from '../../src/config/faults.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';

/** Before azd provisions: the service's own loader judges the file, so that nothing is deployed that would not start. */
try {
  loadConfig({
    env: { OBSERVABILITY_LEVEL: process.env.OBSERVABILITY_LEVEL },
    file: { name: join(import.meta.dirname, '..', '..', 'observability.json') },
    manifests: registry.map(({ manifest }) => manifest),
    levels,
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
