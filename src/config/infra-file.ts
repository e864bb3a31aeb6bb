import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The path of a file in `infra`, found from `src/` or from `dist/`. Throws when no parent folder has the file. */
export function findInfraFile(name: string, from = import.meta.dirname): string {
  const path = join(from, 'infra', name);
  if (existsSync(path)) return path;
  if (dirname(from) === from) throw new Error(`infra/${name} was not found: it must lie beside the service.`);
  return findInfraFile(name, dirname(from));
}
