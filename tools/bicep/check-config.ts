import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../../src/config/faults.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';

/** The project that is deployed: azd runs its hooks in the folder of azure.yaml. */
const root = resolve('.');

/** What the service's own loader says of the file: Bicep checks no form of a value, so that nothing else would stop it. */
function faultsOfFile(): string[] {
  try {
    loadConfig({
      env: { OBSERVABILITY_LEVEL: process.env.OBSERVABILITY_LEVEL },
      file: { name: join(root, 'observability.json') },
      manifests: registry.map(({ manifest }) => manifest),
      levels,
    });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [error.message];
  }
}

/** app.bicep refuses them as well, but azd deploys it only after it has created all resources and built the image. */
function unsetVariables(): string[] {
  const settings: Record<string, { required: boolean }> = JSON.parse(
    readFileSync(join(root, 'infra', 'workload', 'business-settings.json'), 'utf8'),
  );
  return Object.entries(settings)
    .filter(([name, { required }]) => required && !process.env[name])
    .map(([name]) => `${name} is not set: run "azd env set ${name} <value>", or set the variable`);
}

const faults = [...faultsOfFile(), ...unsetVariables()];
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
