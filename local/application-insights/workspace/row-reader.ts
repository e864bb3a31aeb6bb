import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { quoteName } from '../../kql/sql-text.ts';
import { datetimeText } from '../../kql/ticks.ts';
import type { RowFilter } from '../recent-rows.ts';
import type { Row, TableName, Tables } from '../tables.ts';
import { PLACE, type StoredColumn, storedColumns, storedTable } from './table-definition.ts';

/** Rows that one reads out of many: those that hold one of these texts in their operation or their properties. */
export interface StoredRowFilter extends RowFilter {
  mentions?: readonly string[] | undefined;
}

/** The rows of a table, in pieces, in the order in which they came. */
export async function* readRows(
  connection: DuckDBConnection,
  tables: Tables,
  table: TableName,
  filter: StoredRowFilter,
): AsyncGenerator<Row[]> {
  const columns = storedColumns(tables[table]);
  const { sql, values } = selectRows(table, columns, filter);
  const result = await connection.stream(sql, values);
  for await (const rows of result.yieldRows()) yield rows.map((cells) => rowOf(columns, cells));
}

/** DuckDB keeps the order in which rows were appended, so that only the newest of them need sorting. */
function selectRows(
  table: TableName,
  columns: readonly StoredColumn[],
  { operationId, from, to, named, last, mentions }: StoredRowFilter,
): { sql: string; values: DuckDBValue[] } {
  const has = (column: string) => columns.some(({ name }) => name === column);
  const values: DuckDBValue[] = [];
  const given = (value: DuckDBValue) => `$${values.push(value)}`;
  const place = quoteName(PLACE);
  const conditions = [
    ...(operationId === undefined ? [] : [has('OperationId') ? `OperationId = ${given(operationId)}` : 'false']),
    ...(from === undefined ? [] : [`${place} >= ${given(BigInt(from))}`]),
    ...(to === undefined ? [] : [`${place} < ${given(BigInt(to))}`]),
    ...(named && has('Name') ? ["Name <> ''"] : []),
    ...(mentions === undefined
      ? []
      : [`regexp_matches(concat(OperationId, ' ', Properties), ${given(mentions.map(asPattern).join('|'))})`]),
  ];
  const shown = columns.map(({ identifier }) => quoteName(identifier)).join(', ');
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const all = `FROM ${storedTable(table)}${where}`;
  if (last === undefined) return { sql: `SELECT ${shown} ${all}`, values };
  const newest = `SELECT * ${all} ORDER BY ${place} DESC LIMIT ${given(last)}`;
  return { sql: `SELECT ${shown} FROM (${newest}) ORDER BY ${place}`, values };
}

/** As it stands in JSON. */
const asPattern = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** What a column without a value holds is left out. */
function rowOf(columns: readonly StoredColumn[], cells: readonly DuckDBValue[]): Row {
  const row: Record<string, unknown> = {};
  for (const [index, { name, type }] of columns.entries()) {
    const cell = cells[index];
    if (cell === null || cell === undefined || cell === '') continue;
    if (type === 'dynamic') row[name] = JSON.parse(String(cell));
    else if (type === 'datetime') row[name] = datetimeText(BigInt(cell as bigint));
    else if (typeof cell === 'bigint') row[name] = Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
    else row[name] = typeof cell === 'object' ? String(cell) : cell;
  }
  return row as Row; // TimeGenerated and Type are never blank
}
