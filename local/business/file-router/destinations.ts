import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Destinations } from '../../destination/index.ts';

/** Used when the rules name none, so that there is something to send to. */
const someDestinations = ['documents', 'images', 'archive'];

/** The destinations that the rules of a checkout name. Rules that cannot be read name none: the service tells what is wrong. */
export function destinationsOf(root: string): Destinations {
  const named = namesIn(join(root, 'src/business/file-router/routing-rules.json'));
  return Object.fromEntries((named.length > 0 ? named : someDestinations).map((name) => [name, {}]));
}

function namesIn(file: string): string[] {
  try {
    const { rules } = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as {
      rules: { destination: unknown }[];
    };
    return rules.map(({ destination }) => destination).filter((name) => typeof name === 'string');
  } catch {
    return [];
  }
}
