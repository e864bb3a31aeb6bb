import { join } from 'node:path';
import { ConfigError } from '../../src/config/faults.ts';
import { readObservabilityFile } from '../../src/config/load-config.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';

/** Before azd provisions: the service's own loader judges the file, so that nothing is deployed that would not start. */
const { faults } = readObservabilityFile({
  env: { OBSERVABILITY_LEVEL: process.env.OBSERVABILITY_LEVEL },
  file: { path: join(import.meta.dirname, '..', '..', 'observability.json') },
  manifests: registry.map(({ manifest }) => manifest),
  levels,
});
if (faults.length > 0) {
  console.error(new ConfigError(faults).message);
  process.exitCode = 1;
}
