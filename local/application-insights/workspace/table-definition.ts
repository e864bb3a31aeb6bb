import type { DuckDBConnection } from '@duckdb/node-api';
import { physicalTypes } from '../../kql/physical-types.ts';
import type { ColumnType } from '../tables.ts';
import { columnIdentifiers, quoted } from './column-identifiers.ts';

/** The place of a row in the order in which rows came, over all tables. Queries do not see it: they read views. */
export const PLACE = '#';
/** The schema in DuckDB that holds the rows. */
export const ROWS = 'stored';

export interface StoredColumn {
  /** The name in Kusto. */
  readonly name: string;
  readonly type: ColumnType;
  readonly identifier: string;
}

/** The columns of a table in the order in which DuckDB has them; the place comes last. */
export function storedColumns(columns: Readonly<Record<string, ColumnType>>): StoredColumn[] {
  const identifiers = columnIdentifiers(Object.keys(columns));
  return Object.entries(columns).map(([name, type]) => ({ name, type, identifier: identifiers[name] ?? name }));
}

export const storedTable = (table: string): string => `${ROWS}.${quoted(table)}`;

/** A string of Kusto is never null. */
export const createTable = (table: string, columns: readonly StoredColumn[]): string =>
  `CREATE TABLE ${storedTable(table)} (${[
    ...columns.map(({ identifier, type }) => `${quoted(identifier)} ${physicalTypes[type]}${constraintOf(type)}`),
    `${quoted(PLACE)} BIGINT NOT NULL`,
  ].join(', ')})`;

/** What a query reads under the table's own name. */
export const createView = (table: string, columns: readonly StoredColumn[]): string =>
  `CREATE OR REPLACE VIEW ${quoted(table)} AS SELECT ${columns.map(({ identifier }) => quoted(identifier)).join(', ')} FROM ${storedTable(table)}`;

const constraintOf = (type: ColumnType): string => (type === 'string' ? " NOT NULL DEFAULT ''" : '');

/** The place of the next row. */
export async function nextPlace(connection: DuckDBConnection, tables: readonly string[]): Promise<number> {
  const places = tables.map((table) => `SELECT max(${quoted(PLACE)}) AS place FROM ${storedTable(table)}`);
  const reader = await connection.runAndReadAll(`SELECT max(place) FROM (${places.join(' UNION ALL ')})`);
  const newest = reader.getRows()[0]?.[0];
  return newest === null || newest === undefined ? 0 : Number(newest) + 1;
}
