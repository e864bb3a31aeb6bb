import type { DuckDBConnection } from '@duckdb/node-api';
import { columnIds } from '../../kql/column-ids.ts';
import { physicalTypes } from '../../kql/physical-types.ts';
import { quoteName } from '../../kql/sql-text.ts';
import type { ColumnType } from '../tables.ts';

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
  const ids = columnIds(Object.keys(columns));
  return Object.entries(columns).map(([name, type], at) => ({ name, type, identifier: ids[at] ?? name }));
}

export const storedTable = (table: string): string => `${ROWS}.${quoteName(table)}`;

/** A string of Kusto is never null. */
export const createTable = (table: string, columns: readonly StoredColumn[]): string =>
  `CREATE TABLE ${storedTable(table)} (${[
    ...columns.map(({ identifier, type }) => `${quoteName(identifier)} ${physicalTypes[type]}${constraintOf(type)}`),
    `${quoteName(PLACE)} BIGINT NOT NULL`,
  ].join(', ')})`;

/** What a query reads under the table's own name. */
export const createView = (table: string, columns: readonly StoredColumn[]): string =>
  `CREATE OR REPLACE VIEW ${quoteName(table)} AS SELECT ${columns.map(({ identifier }) => quoteName(identifier)).join(', ')} FROM ${storedTable(table)}`;

const constraintOf = (type: ColumnType): string => (type === 'string' ? " NOT NULL DEFAULT ''" : '');

/** The place of the next row. */
export async function nextPlace(connection: DuckDBConnection, tables: readonly string[]): Promise<number> {
  const places = tables.map((table) => `SELECT max(${quoteName(PLACE)}) AS place FROM ${storedTable(table)}`);
  const reader = await connection.runAndReadAll(`SELECT max(place) FROM (${places.join(' UNION ALL ')})`);
  const newest = reader.getRows()[0]?.[0];
  return newest === null || newest === undefined ? 0 : Number(newest) + 1;
}
