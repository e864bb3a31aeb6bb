import { createHash } from 'node:crypto';

/** Numbers and bytes that depend on the label alone. */
export interface Seeded {
  /** A whole number from 0 to `below` - 1. */
  number(label: string, below: number): number;
  pick<Value>(label: string, values: readonly Value[]): Value;
  bytes(label: string, length: number): Buffer;
}

/**
 * SHA-2 and SHA-3 instead of a random generator, and whole numbers only: the same on every machine and every version of
 * Node, for good, which no generator of a library promises.
 */
export function createSeeded(seed: string): Seeded {
  const number = (label: string, below: number) =>
    createHash('sha256').update(`${seed}/${label}`).digest().readUIntBE(0, 6) % below;
  return {
    number,
    pick<Value>(label: string, values: readonly Value[]) {
      return values[number(label, values.length)] as Value; // the index is below the length
    },
    bytes(label, length) {
      if (length === 0) return Buffer.alloc(0);
      return createHash('shake256', { outputLength: length }).update(`${seed}/${label}`).digest();
    },
  };
}
