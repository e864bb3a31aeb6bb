import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '../../kql/sql-text.ts';
import type { TableName } from '../tables.ts';
import { datetimeTicks } from './datetime-ticks.ts';
import { PLACE, storedTable } from './table-definition.ts';

/** Rows that are older than `maxAgeDays` go, and the oldest while the rows are larger than `maxBytes` (by `_BilledSize`). */
export interface Bounds {
  readonly maxAgeDays: number;
  readonly maxBytes: number;
}

export type Dropped = Readonly<Partial<Record<TableName, number>>>;

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Down to this share of `maxBytes`, so that not every batch drops rows. */
const KEPT_SHARE = 0.9;
/** The order in which rows came is cut into so many pieces, of which whole ones go. */
const PIECES = 1_000;

/** Drops what is beyond the bounds, and answers how many rows of which table went, and how many bytes are left. */
export async function dropOldRows(
  connection: DuckDBConnection,
  names: readonly TableName[],
  { maxAgeDays, maxBytes }: Bounds,
  now: Date,
): Promise<{ dropped: Dropped; bytes: number }> {
  const dropped: Partial<Record<TableName, number>> = {};
  const drop = async (condition: string, bound: bigint) => {
    for (const name of names) {
      const { rowsChanged } = await connection.run(`DELETE FROM ${storedTable(name)} WHERE ${condition}`, [bound]);
      if (rowsChanged > 0) dropped[name] = (dropped[name] ?? 0) + rowsChanged;
    }
  };
  await drop('TimeGenerated < $1', datetimeTicks(new Date(now.getTime() - maxAgeDays * DAY_MS).toISOString()));
  const sizes = names.map(
    (name) => `SELECT ${quoteName(PLACE)} AS place, _BilledSize AS bytes FROM ${storedTable(name)}`,
  );
  const all = sizes.join(' UNION ALL ');
  const bytes = await heldBytes(connection, all);
  if (bytes <= maxBytes) return { dropped, bytes };
  const keep = maxBytes * KEPT_SHARE;
  const first = await connection.runAndReadAll(
    `WITH pieces AS (
       SELECT place // (SELECT greatest(1, (max(place) - min(place)) // ${PIECES}) FROM (${all})) AS piece,
              max(place) AS newest, sum(bytes) AS bytes
       FROM (${all}) GROUP BY piece
     ), counted AS (SELECT newest, sum(bytes) OVER (ORDER BY piece DESC) AS newer FROM pieces)
     SELECT max(newest) FROM counted WHERE newer > $1`,
    [keep],
  );
  await drop(`${quoteName(PLACE)} <= $1`, BigInt(first.getRows()[0]?.[0] as bigint));
  return { dropped, bytes: await heldBytes(connection, all) };
}

async function heldBytes(connection: DuckDBConnection, all: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT coalesce(sum(bytes), 0)::DOUBLE FROM (${all})`);
  return Number(reader.getRows()[0]?.[0]);
}
