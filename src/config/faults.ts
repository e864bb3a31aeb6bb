import { distance } from 'fastest-levenshtein';

/** One fault of the configuration. */
export interface Fault {
  /** The file, the environment variable or the business. */
  source: string;
  /** The place in the source: `retry.attempts`, `line 3, column 5`; absent for the whole source. */
  path?: string;
  found: string;
  allowed: string;
  /** The allowed name or value that is most similar to what was found. */
  nearest?: string | undefined;
}

/** Parts of connection strings and addresses with a password. A fault hides such a value in every key and variable. */
const looksSecret = /(key|secret|password|signature|token|sig)=|\/\/[^/\s]*:[^/\s]*@/i;

/** A value as a fault shows it: short, on one line, and never a secret. */
export function shown(value: unknown, { secret = false }: { secret?: boolean | undefined } = {}): string {
  if (value === undefined) return 'nothing';
  if (secret || (typeof value === 'string' && looksSecret.test(value))) return '(hidden)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** The candidate most similar to a misspelt name, letter case ignored. `atMost`: how many letters may be wrong. */
export function nearest(
  name: string,
  candidates: readonly string[],
  { atMost = Math.max(2, Math.floor(name.length / 3)) }: { atMost?: number } = {},
): string | undefined {
  let best: string | undefined;
  let fewest = atMost + 1;
  for (const candidate of candidates) {
    const changes = distance(name.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest && changes < candidate.length) [best, fewest] = [candidate, changes];
  }
  return best;
}

function lineOf({ source, path, found, allowed, nearest }: Fault): string {
  const place = path ? `${source}: ${path}` : source;
  return `${place}: found ${found}; allowed: ${allowed}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

/** Stops the start. The message lists all faults of the configuration, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super([`The configuration has ${count}:`, ...faults.map((fault) => `  ${lineOf(fault)}`)].join('\n'));
    this.faults = faults;
  }
}
