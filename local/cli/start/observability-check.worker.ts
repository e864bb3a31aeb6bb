// Judges one `observability.json` with the loader that stands in the checkout's `src`, and answers its first fault.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { root, text, name, level } = workerData as { root: string; text: string; name: string; level?: string };
const load = (path: string) => import(pathToFileURL(join(root, 'src', path)).href);

const { loadConfig } = (await load('config/load-config.ts')) as typeof import('../../../src/config/load-config.ts');
const { ConfigError } = (await load('config/faults.ts')) as typeof import('../../../src/config/faults.ts');
const { registry } = (await load(
  'observability/registry.ts',
)) as typeof import('../../../src/observability/registry.ts');
const { levels } = (await load('observability/levels.ts')) as typeof import('../../../src/observability/levels.ts');

try {
  const manifests = registry.map(({ manifest }) => manifest);
  loadConfig({ env: { OBSERVABILITY_LEVEL: level }, file: { name, text }, manifests, levels });
  parentPort?.postMessage(undefined);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  const [, first = ''] = error.message.split('\n');
  const more = error.faults.length > 1 ? `, and ${error.faults.length - 1} more` : '';
  parentPort?.postMessage(`${first.trim()}${more}`);
}
