import { createHash } from 'node:crypto';

/** Numbers from 0 up to and without 1, and what is drawn with them. */
export interface Random {
  share(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  between(from: number, to: number): number;
  isOneIn(share: number): boolean;
  normal(): number;
  poisson(mean: number): number;
}

const TWO_TO_32 = 4_294_967_296;
const LARGE_MEAN = 40;

/**
 * A stream of its own for each label, the same on every machine: whole numbers of 32 bits only (sfc32 of PractRand, by Chris
 * Doty-Humphrey), begun with a hash.
 */
export function createRandom(label: string): Random {
  const begin = createHash('sha256').update(label).digest();
  let [a, b, c, counter] = [begin.readInt32LE(0), begin.readInt32LE(4), begin.readInt32LE(8), 1];
  const share = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / TWO_TO_32;
  };
  for (let warm = 0; warm < 15; warm++) share();
  const normal = () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share());
  return {
    share,
    normal,
    below: (below) => Math.floor(share() * below),
    between: (from, to) => from + (to - from) * share(),
    isOneIn: (chance) => share() < chance,
    poisson(mean) {
      if (mean > LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      let count = 0;
      for (let left = Math.exp(-mean), product = share(); product > left; product *= share()) count += 1;
      return count;
    },
  };
}
