import { distance } from 'fastest-levenshtein';

/** The candidate that a misspelt name probably meant; case does not count. `atMost`: how many letters may be wrong. */
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
