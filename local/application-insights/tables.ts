import schema from '../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import type { physicalTypes } from '../kql/physical-types.ts';

/** `_LogOperation` is a function over `Operation`: `workspace/log-operation.kql`. */
type Functions = '_LogOperation';

/** The tables of a Log Analytics workspace, from the one file by which every query of the repository is checked. */
export type TableName = Exclude<keyof typeof schema.tables, Functions>;
export type ColumnType = keyof typeof physicalTypes;
export type Tables = Readonly<Record<TableName, Readonly<Record<string, ColumnType>>>>;

/**
 * One row. A column without a value is left out, as Azure's own export does it: read it as an empty string or null.
 * `datetime` is ISO text in UTC with seven digits of a second, so that text order is time order.
 */
export interface Row {
  readonly [column: string]: unknown;
  readonly TimeGenerated: string;
  readonly Type: TableName;
  readonly OperationId?: string;
}

const { _LogOperation, ...stored } = schema.tables;

export const tables = Object.fromEntries(
  Object.entries(stored).map(([table, { columns }]) => [
    table,
    Object.fromEntries(columns.map(({ name, type }) => [name, type])),
  ]),
) as Tables; // JSON imports widen the type names to string
