import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The level for people to see, by the service's own order of precedence. Only the service checks its configuration: what
 * cannot be read here is told there, and `otherwise` stands in.
 */
export function shownLevel(root: string, env: NodeJS.ProcessEnv, otherwise = 1): number {
  const file = () => readFileSync(join(root, 'observability.json'), 'utf8').replace(/^\uFEFF/, '');
  try {
    const level = Number(
      env.OBSERVABILITY_LEVEL?.trim() || JSON.parse(env.OBSERVABILITY_CONFIG?.trim() || file()).level,
    );
    return Number.isInteger(level) && level >= 1 && level <= 5 ? level : otherwise;
  } catch {
    return otherwise;
  }
}
