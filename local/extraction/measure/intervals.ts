/** Of the normal distribution, for 95 %. */
const z = 1.959_963_984_540_054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % score interval of a share that was observed in `trials` (Wilson 1927, Journal of the American Statistical Association 22).
 * `share` may be a mean of shares between 0 and 1: none of them varies more than a trial that succeeds or fails. Throws a RangeError
 * without trials.
 */
export function wilson(share: number, trials: number): Interval {
  if (!(trials > 0) || !(share >= 0 && share <= 1))
    throw new RangeError(`No interval of ${share} in ${trials} trials.`);
  const scale = 1 + z ** 2 / trials;
  const center = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))) / scale;
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
