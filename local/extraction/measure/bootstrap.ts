import { createRandom } from '../world/random.ts';
import type { Interval } from './intervals.ts';
import { meanOf } from './measure-grid.ts';

const draws = 2_000;
const outside = 0.025;

/**
 * The 95 % percentile interval of a mean by the bootstrap (Efron 1979, Annals of Statistics 7): the seeds are drawn anew, so that what
 * one seed has in common stays together. The same for the same values.
 */
export function bootstrap(values: readonly number[]): Interval {
  const random = createRandom('bootstrap');
  const means = Array.from({ length: draws }, () => meanOf(values.map(() => values[random.below(values.length)] ?? 0)));
  means.sort((a, b) => a - b);
  return { low: means[Math.floor(draws * outside)] ?? 0, high: means[Math.ceil(draws * (1 - outside)) - 1] ?? 0 };
}
