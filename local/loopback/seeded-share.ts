const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 48_271;

/**
 * Says yes for a share (0 to 1) of the calls, in an order that the seed alone decides, so that a rehearsal can be repeated.
 * The generator is Park and Miller's "minimal standard" (Communications of the ACM, 1988 and 1993).
 */
export function createSeededShare({ share, seed }: { share: number; seed: number }): () => boolean {
  let state = (Math.abs(Math.trunc(seed)) % (MODULUS - 1)) + 1;
  const next = () => {
    state = (state * MULTIPLIER) % MODULUS;
    return state / MODULUS;
  };
  // Small seeds give small first numbers, which would always say yes.
  for (let warmUp = 0; warmUp < 3; warmUp++) next();
  return () => next() < share;
}
