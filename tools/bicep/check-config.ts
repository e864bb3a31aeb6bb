import { join } from 'node:path';
import { activeModules } from '../../src/config/active-modules.ts';
import { readConfigFile } from '../../src/config/config-file.ts';
import { ConfigError } from '../../src/config/faults.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';

/** Before azd provisions: the service's own loader judges the file, so that nothing is deployed that would not start. */
const manifests = registry.map(({ manifest }) => manifest);
const read = readConfigFile({
  whole: undefined,
  level: process.env.OBSERVABILITY_LEVEL?.trim() || undefined,
  file: { path: join(import.meta.dirname, '..', '..', 'observability.json') },
  manifests,
  levels,
});
const modules = read.value && activeModules({ source: read.source, manifests, ...read.value });
const faults = [...read.faults, ...(modules?.faults ?? [])];
if (faults.length > 0) {
  console.error(new ConfigError(faults).message);
  process.exitCode = 1;
}
