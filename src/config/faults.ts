import { distance } from 'fastest-levenshtein';

/** One fault of the configuration. */
export interface Fault {
  /** The file, the environment variable or the business. */
  source: string;
  /** The place in the source: `retry.attempts`, `line 3, column 5`; absent for the whole source. */
  path?: string | undefined;
  found: string;
  allowed: string;
  /** The allowed name or value that is most similar to what was found. */
  nearest?: string | undefined;
}

/** Parts of connection strings and addresses with a password. A fault hides such a text in every key and variable. */
const looksSecret = /(key|secret|password|signature|token|sig)=|\/\/[^/\s]*:[^/\s]*@/i;

/** A text as a fault shows it: short, on one line, and never a secret. */
export function safeText(text: string): string {
  if (looksSecret.test(text)) return '(hidden)';
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** A value as a fault shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : safeText(JSON.stringify(value));
}

/** The candidate most similar to a misspelt name, letter case ignored. `atMost`: how many letters may be wrong. */
export function nearest(
  name: string,
  candidates: readonly string[],
  atMost = Math.max(2, Math.floor(name.length / 3)),
): string | undefined {
  const wrong = (candidate: string) => distance(name.toLowerCase(), candidate.toLowerCase());
  const similar = candidates.filter((candidate) => wrong(candidate) <= Math.min(atMost, candidate.length - 1));
  return similar.sort((a, b) => wrong(a) - wrong(b))[0];
}

/** Stops the start. The message lists all faults of the configuration, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super([`The configuration has ${count}:`, ...faults.map(lineOf)].join('\n'));
    this.faults = faults;
  }
}

function lineOf({ source, path, found, allowed, nearest }: Fault): string {
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `  ${path ? `${source}: ${path}` : source}: found ${found}; allowed: ${allowed}${hint}`;
}
