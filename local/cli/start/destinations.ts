import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The destinations that `routing-rules.json` names. Rules that cannot be read name none: the service tells what is wrong. */
export function destinationsOf(root: string): string[] {
  try {
    const { rules } = JSON.parse(readFileSync(join(root, 'routing-rules.json'), 'utf8').replace(/^\uFEFF/, '')) as {
      rules: { destination: unknown }[];
    };
    return [...new Set(rules.map(({ destination }) => destination))].filter((name) => typeof name === 'string');
  } catch {
    return [];
  }
}
