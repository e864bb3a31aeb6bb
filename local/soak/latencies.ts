import type { Places } from './places.ts';
import type { SentFile } from './soak-load.ts';

const windowMs = 5_000;

/** From sending to arrival, of the messages for `south` that were sent between two moments and have arrived; milliseconds. */
export function latenciesOf(
  { deliveredAt }: Pick<Places, 'deliveredAt'>,
  files: readonly SentFile[],
  from: number,
  to: number,
): number[] {
  return files
    .filter(({ destination, sentAt }) => destination === 'south' && sentAt >= from && sentAt < to)
    .flatMap((file) => {
      const at = deliveredAt(file);
      return at === undefined ? [] : [at - file.sentAt];
    });
}

/** From first sending to arrival, of the file that took longest, in milliseconds. */
export const slowestMs = ({ deliveredAt }: Pick<Places, 'deliveredAt'>, files: readonly SentFile[]): number =>
  files.reduce((slowest, file) => Math.max(slowest, (deliveredAt(file) ?? file.sentAt) - file.sentAt), 0);

/** 0 when there is none. */
export const p99 = (latencies: readonly number[]): number => quantile(latencies, 0.99);

/** The median of the p99s of the windows of five seconds between two moments: a moment's hiccup is not in it. */
export function p99OfWindows(latencies: (from: number, to: number) => number[], from: number, to: number): number {
  const windows: number[] = [];
  for (let start = from; start + windowMs <= to; start += windowMs)
    windows.push(p99(latencies(start, start + windowMs)));
  return quantile(windows, 0.5);
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
