import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType, Row, Tables } from '../tables.ts';
import { datetimeTicks } from './datetime-ticks.ts';
import { ROWS, type StoredColumn, storedColumns } from './table-definition.ts';

/** Appends rows to their tables in one transaction: all of them or none. `firstPlace` numbers the first. */
export async function appendRows(
  connection: DuckDBConnection,
  tables: Tables,
  rows: readonly Row[],
  firstPlace: number,
): Promise<void> {
  const byTable = Map.groupBy(rows.entries(), ([, { Type }]) => Type);
  await connection.run('BEGIN');
  try {
    for (const [table, numbered] of byTable) {
      const columns = storedColumns(tables[table]);
      const appender = await connection.createAppender(table, ROWS);
      try {
        for (const [index, row] of numbered) appendRow(appender, columns, row, firstPlace + index);
        appender.flushSync();
      } finally {
        appender.closeSync();
      }
    }
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function appendRow(appender: DuckDBAppender, columns: readonly StoredColumn[], row: Row, place: number): void {
  for (const { name, type } of columns) {
    const value = row[name];
    if (type === 'string') appender.appendVarchar(textOf(value));
    else if (value === undefined || value === null) appender.appendNull();
    else appendValue[type](appender, value);
  }
  appender.appendBigInt(BigInt(place));
  appender.endRow();
}

const appendValue: Readonly<Record<Exclude<ColumnType, 'string'>, (appender: DuckDBAppender, value: unknown) => void>> =
  {
    bool: (appender, value) => appender.appendBoolean(value === true),
    int: (appender, value) => (isInt(value) ? appender.appendInteger(value) : appender.appendNull()),
    long: (appender, value) =>
      Number.isInteger(value) ? appender.appendBigInt(BigInt(value as number)) : appender.appendNull(),
    real: (appender, value) => appender.appendDouble(Number(value)),
    decimal: (appender, value) => appender.appendVarchar(String(value)),
    guid: (appender, value) => appender.appendVarchar(String(value)),
    dynamic: (appender, value) => appender.appendVarchar(jsonOf(value)),
    datetime: (appender, value) => appender.appendBigInt(datetimeTicks(String(value))),
    timespan: (appender, value) => appender.appendBigInt(value as bigint),
  };

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const isInt = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) === ((value as number) | 0);

/** `JSON.stringify` escapes half of a surrogate pair, which DuckDB would refuse when a query reads the value. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1\\ufffd');
