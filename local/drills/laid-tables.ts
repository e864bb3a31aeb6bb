import type { DuckDBConnection } from '@duckdb/node-api';
import type { Workspace } from '../application-insights/index.ts';
import {
  PLACE,
  type StoredColumn,
  storedColumns,
  storedTable,
} from '../application-insights/workspace/table-definition.ts';
import { quoteName, quoteText } from '../kql/sql-text.ts';
import { ticksOfDate } from '../kql/ticks.ts';
import { growthSql, measureGrowth } from './laid-growth.ts';
import { layUsage } from './laid-usage.ts';
import type { Stretch, TimeLine } from './layout.ts';
import { placeRows } from './placed-rows.ts';
import type { ArrivedRow } from './row-arrivals.ts';

/** The columns that name an operation, a span or a row. */
const ids = new Set(['OperationId', 'ParentId', 'Id', 'ItemId', 'SessionId']);
/** In the properties of a row: what names a message, a story or a thing of the business. */
const namedIds = `"(\\w*[iI]d|sequenceNumber)":"([^"]+)"`;
/** Stands in the properties where the number of the copy comes: to find the ids in each copy anew would take seconds. */
const copyMark = '-<copy>';
/** Copies that ended so long before the moment still reach into it with what ended late. */
const tailMs = 5_000;

const ticks = (ms: number): bigint => ticksOfDate(new Date(ms));
const values = (rows: readonly (readonly (bigint | number | string)[])[]): string =>
  rows
    .map((row) => `(${row.map((cell) => (typeof cell === 'string' ? quoteText(cell) : cell)).join(', ')})`)
    .join(', ');

/**
 * Lays the captured rows of a workspace on a time line: its tables become views in which each row stands once for each copy of
 * its stretch, with its times shifted alike and its ids new. Nothing is copied, so that a day costs no memory. Answers what
 * sets the moment up to which rows are there, and how far they reach back.
 */
export async function layTables(
  workspace: Pick<Workspace, 'connection' | 'schema'>,
  {
    stretches,
    timeLine,
    arrived,
    held,
  }: {
    stretches: readonly Stretch[];
    timeLine: TimeLine;
    arrived: readonly ArrivedRow[];
    /** Whether the fault holds rows back. */
    held: boolean;
  },
) {
  const connection = await workspace.connection();
  await connection.run(`CREATE SCHEMA drill;
    CREATE TABLE drill.stretches (name VARCHAR, begins BIGINT, ends BIGINT);
    CREATE TABLE drill.copies (copy INTEGER, stretch VARCHAR, begins BIGINT, ends BIGINT, shift BIGINT, weight INTEGER, earlier INTEGER);
    CREATE TABLE drill.placed (place BIGINT, stretch VARCHAR, seen_at BIGINT);
    CREATE TABLE drill.moment (since BIGINT, until BIGINT);
    INSERT INTO drill.moment VALUES (0, 0)`);
  await insert(
    connection,
    'stretches',
    stretches.map(({ name, from, until }) => [name, ticks(from), ticks(until)]),
  );
  await insert(connection, 'copies', copyRows(stretches, timeLine));
  const placed = placeRows(arrived, stretches, timeLine, { held });
  await insert(
    connection,
    'placed',
    placed.map(({ place, stretch, seenAt }) => [place, stretch, ticks(seenAt)]),
  );
  await measureGrowth(connection, stretches, timeLine);
  for (const [table, columns] of Object.entries(workspace.schema)) {
    if (!('TimeGenerated' in columns)) continue;
    if ('Properties' in columns) await connection.run(markIds(table));
    await connection.run(layTable(table, storedColumns(columns)));
  }
  await layUsage(connection, workspace.schema);
  return {
    async setMoment(from: Date, now: Date): Promise<void> {
      await connection.run(
        `UPDATE drill.moment SET since = ${ticks(from.getTime() - tailMs)}, until = ${ticksOfDate(now)}`,
      );
    },
    close: () => connection.closeSync(),
  };
}

async function insert(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly (bigint | number | string)[])[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 1_000)
    await connection.run(`INSERT INTO drill.${table} VALUES ${values(rows.slice(from, from + 1_000))}`);
}

function copyRows(stretches: readonly Stretch[], { copies }: TimeLine) {
  const byName = new Map(stretches.map((stretch) => [stretch.name, stretch]));
  return copies.flatMap(({ number, stretch, at, weight, before }) => {
    const captured = byName.get(stretch);
    if (!captured) return [];
    const shift = (BigInt(at) - BigInt(captured.from)) * 10_000n;
    return [[number, stretch, ticks(at), ticks(at + captured.until - captured.from), shift, weight, before]];
  });
}

const markIds = (table: string): string =>
  `UPDATE ${storedTable(table)} SET "Properties" =
    regexp_replace("Properties"::VARCHAR, ${quoteText(namedIds)}, '"\\1":"\\2${copyMark}"', 'g')::JSON`;

function layTable(table: string, columns: readonly StoredColumn[]): string {
  const grows = growthSql(table);
  const shown = columns.map(({ name, type, identifier }) => {
    const column = `c.${quoteName(identifier)}`;
    return `${grows.columns[name] ?? laidColumn(name, type, column)} AS ${quoteName(identifier)}`;
  });
  const moment = (what: 'since' | 'until') => `(SELECT ${what} FROM drill.moment)`;
  return `CREATE OR REPLACE VIEW ${quoteName(table)} AS SELECT ${shown.join(', ')}
    FROM ${storedTable(table)} c
    JOIN drill.placed p ON p.place = c.${quoteName(PLACE)}
    JOIN drill.stretches s ON s.name = p.stretch
    JOIN drill.copies k ON k.stretch = p.stretch
    ${grows.join}
    WHERE k.begins <= ${moment('until')} AND k.ends >= ${moment('since')} AND p.seen_at <= ${moment('until')}`;
}

function laidColumn(name: string, type: StoredColumn['type'], column: string): string {
  if (type === 'datetime') return `${column} + k.shift`;
  if (name === 'ItemCount') return `(${column} * k.weight)::INTEGER`;
  if (ids.has(name)) return `CASE WHEN ${column} = '' THEN '' ELSE ${column} || '-' || k.copy END`;
  if (name === 'Properties') return `replace(${column}::VARCHAR, ${quoteText(copyMark)}, '-' || k.copy)::JSON`;
  return column;
}
