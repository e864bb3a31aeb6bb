import type { DuckDBConnection } from '@duckdb/node-api';
import { physicalTypes } from '../../kql/physical-types.ts';
import { quoteName } from '../../kql/sql-text.ts';
import type { Tables } from '../tables.ts';
import {
  createTable,
  createView,
  PLACE,
  ROWS,
  type StoredColumn,
  storedColumns,
  storedTable,
} from './table-definition.ts';

/**
 * Makes the database hold the tables as they are now. One whose columns were others before keeps its rows with the columns
 * that both have.
 */
export async function prepareTables(connection: DuckDBConnection, tables: Tables): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${ROWS}`);
  const before = await readColumns(connection);
  const statements = Object.entries(tables).flatMap(([table, types]) => {
    const columns = storedColumns(types);
    const found = before.get(table);
    const view = createView(table, columns);
    if (!found) return [createTable(table, columns), view];
    return isSame(found, columns) ? [view] : [...rebuild(table, columns, found), view];
  });
  await connection.run(['BEGIN', ...statements, 'COMMIT'].join(';'));
}

/** Columns that DuckDB has, each with its type, by table. */
async function readColumns(connection: DuckDBConnection): Promise<Map<string, Map<string, string>>> {
  const found = new Map<string, Map<string, string>>();
  const reader = await connection.runAndReadAll(
    'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = $1 ORDER BY table_name, column_index',
    [ROWS],
  );
  for (const [table, column, type] of reader.getRows()) {
    const columns = found.get(String(table)) ?? new Map<string, string>();
    found.set(String(table), columns.set(String(column), String(type)));
  }
  return found;
}

const asFound = (columns: readonly StoredColumn[]): [string, string][] => [
  ...columns.map(({ identifier, type }): [string, string] => [identifier, physicalTypes[type]]),
  [PLACE, 'BIGINT'],
];

/** The order counts too, because rows are appended by it. */
const isSame = (found: ReadonlyMap<string, string>, columns: readonly StoredColumn[]): boolean =>
  JSON.stringify([...found]) === JSON.stringify(asFound(columns));

function rebuild(table: string, columns: readonly StoredColumn[], found: ReadonlyMap<string, string>): string[] {
  const earlier = `${table} (before)`;
  const shared = asFound(columns)
    .filter(([identifier, type]) => found.get(identifier) === type)
    .map(([identifier]) => quoteName(identifier))
    .join(', ');
  return [
    `DROP VIEW IF EXISTS ${quoteName(table)}`,
    `ALTER TABLE ${storedTable(table)} RENAME TO ${quoteName(earlier)}`,
    createTable(table, columns),
    `INSERT INTO ${storedTable(table)} (${shared}) SELECT ${shared} FROM ${storedTable(earlier)}`,
    `DROP TABLE ${storedTable(earlier)}`,
  ];
}
