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

const madeAt = ({ TimeGenerated }: Row): number => Date.parse(TimeGenerated);
const isWithin =
  (ms: number) =>
  ({ from, until }: Stretch): boolean =>
    ms >= from && ms < until;

/**
 * Places rows: with their operation where that ends with its stretch, else by their own time, as what the end of the fault sets
 * free. Where the fault holds telemetry back (`held`), a row of the fault that came with the recovery is there from that moment
 * of the recovery on; else each row is there at its own time.
 */
export function placeRows(
  arrived: readonly ArrivedRow[],
  stretches: readonly Stretch[],
  { copies }: TimeLine,
  { held }: { held: boolean },
): PlacedRow[] {
  const recovery = stretches.find(({ name }) => name === 'recovery');
  const recoversAt = copies.find(({ stretch }) => stretch === 'recovery')?.at;
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
    const isLate = held && own.name !== 'calm' && own !== recovery && recovery !== undefined && at >= recovery.from;
    const seenAt = isLate && recoversAt !== undefined ? recoversAt + at - recovery.from : 0;
    return { place, stretch: own.name, seenAt };
  });
}
