import type { TimeAggregation } from '../rule-properties.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const extreme = (pick: (a: number, b: number) => number) => (numbers: readonly number[]) =>
  numbers.length === 0 ? undefined : numbers.reduce((a, b) => pick(a, b));

/** Makes one number of many; of none only `Count` makes one. */
export const aggregateNumbers: Readonly<Record<TimeAggregation, (numbers: readonly number[]) => number | undefined>> = {
  Average: (numbers) => (numbers.length === 0 ? undefined : sum(numbers) / numbers.length),
  Count: (numbers) => numbers.length,
  Maximum: extreme(Math.max),
  Minimum: extreme(Math.min),
  Total: (numbers) => (numbers.length === 0 ? undefined : sum(numbers)),
};
