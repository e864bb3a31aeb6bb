import { Refused } from './api-problem.ts';
import type { TimeRange } from './contract.ts';
import { kqlTime } from './kql-text.ts';

const MINUTE_MS = 60_000;
const spans: Readonly<Record<string, number>> = {
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '6h': 360 * MINUTE_MS,
  '24h': 24 * 60 * MINUTE_MS,
};
const everything = 'all';
const defaultSpan = '15m';
/** Points of a chart, about. */
const POINTS = 60;
const steps = [1, 5, 10, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 86_400].map((seconds) => seconds * 1_000);

/** A range in milliseconds since 1970, and how far apart the points of a chart are. */
export interface AskedRange {
  from: number;
  to: number;
  step: number;
  /**
   * KQL that holds for a row of the range. One that ends now is told by `ago`, so that its text stays the same and the
   * engine need not translate it anew each time.
   */
  condition: string;
}

/**
 * The range of an address: `range=15m`, or `from` and `to`. `oldest` answers where "all" begins. Throws `Refused` for one that
 * is none.
 */
export async function readRange(
  query: URLSearchParams,
  { now, oldest }: { now: Date; oldest: () => Promise<number | undefined> },
): Promise<AskedRange> {
  const [from, to] = [query.get('from'), query.get('to')];
  if (from !== null || to !== null) {
    const [begin, end] = [Date.parse(from ?? ''), to === null ? now.getTime() : Date.parse(to)];
    return rangeBetween(begin, end, () => `TimeGenerated between (${kqlTime(begin)} .. ${kqlTime(end)})`);
  }
  const name = query.get('range') ?? defaultSpan;
  const end = now.getTime();
  if (name === everything) {
    const begin = (await oldest()) ?? end - (spans[defaultSpan] ?? 0);
    return rangeBetween(Math.min(begin, end - 1), end, () => 'TimeGenerated <= now()');
  }
  const span = Object.hasOwn(spans, name) ? spans[name] : undefined;
  if (span === undefined) throw unknownRange(`"${name}" is no range.`);
  return rangeBetween(end - span, end, () => `TimeGenerated > ago(${name})`);
}

function rangeBetween(from: number, to: number, condition: () => string): AskedRange {
  if (Number.isNaN(from) || Number.isNaN(to)) throw unknownRange('"from" or "to" is no time.');
  if (to <= from) throw unknownRange('"to" is not after "from".');
  const step =
    steps.find((each) => (to - from) / each <= POINTS) ?? Math.ceil((to - from) / POINTS / 86_400_000) * 86_400_000;
  return { from, to, step, condition: condition() };
}

const unknownRange = (detail: string) =>
  new Refused(400, {
    title: 'The time range is wrong',
    detail,
    remedy: `Choose one of ${[...Object.keys(spans), everything].join(', ')}, or give from and to as ISO times.`,
  });

export const rangeFacts = ({ from, to }: AskedRange): TimeRange => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
