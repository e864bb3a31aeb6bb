import type { Row } from '../application-insights/index.ts';
import type { Stretch, StretchName, TimeLine } from './layout.ts';
import type { ArrivedRow } from './row-arrivals.ts';

/** To which stretch a captured row belongs, and from when on it is there. */
export interface PlacedRow {
  /** Where it stands among all rows. */
  place: number;
  stretch: StretchName;
  /** Milliseconds since 1970 on the time line; 0: from its own time on. */
  seenAt: number;
}

/** What ends so soon after the stretch in which its operation began still belongs to it: operations are copied whole. */
const tailMs = 2_000;
/** A batch that arrives so much later than its stretch ended was not on its way: it was stored. */
const onTheWayMs = 8_000;

const madeAt = ({ TimeGenerated }: Row): number => Date.parse(TimeGenerated);
const isWithin =
  (ms: number) =>
  ({ from, until }: Stretch): boolean =>
    ms >= from && ms < until;

/**
 * Places rows: with their operation where that ends with its stretch, else by their own time, as what the end of the fault sets
 * free. A row that came while another
 * stretch was under way is there from the same moment of that one on; of the calm, which is copied also far from the fault, each
 * row is there at once.
 */
export function placeRows(
  arrived: readonly ArrivedRow[],
  stretches: readonly Stretch[],
  { copies }: TimeLine,
): PlacedRow[] {
  const begins = new Map<unknown, number>();
  for (const { row } of arrived) {
    if (row.OperationId) begins.set(row.OperationId, Math.min(begins.get(row.OperationId) ?? Infinity, madeAt(row)));
  }
  return arrived.flatMap(({ row, at }, place) => {
    const made = madeAt(row);
    const begun = stretches.find(isWithin(begins.get(row.OperationId) ?? made));
    const isWhole = begun !== undefined && begun.name !== 'fault' && made < begun.until + tailMs;
    const own = isWhole ? begun : stretches.find(isWithin(made));
    if (!own) return [];
    const then = stretches.findLast(({ from }) => from <= at);
    const isLate = own.name !== 'calm' && then !== own && at >= own.until + onTheWayMs;
    const laid = isLate && then ? copies.find(({ stretch }) => stretch === then.name) : undefined;
    return { place, stretch: own.name, seenAt: laid && then ? laid.at + at - then.from : 0 };
  });
}
