import schema from './schema.json' with { type: 'json' };

/**
 * The `App*` tables of a Log Analytics workspace with the columns and types that Microsoft documents. `schema.json` holds
 * facts only (names and types), taken from the table reference in MicrosoftDocs/azure-reference-other (CC-BY-4.0).
 */
export type TableName = keyof typeof schema;
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'bool' | 'datetime' | 'dynamic' | 'guid';
export type Tables = Readonly<Record<TableName, Readonly<Record<string, ColumnType>>>>;

/**
 * One row. A column without a value is left out, as Azure's own export does it: read it as an empty string or null.
 * `datetime` is ISO text in UTC with milliseconds, so that text order is time order.
 */
export interface Row {
  readonly [column: string]: unknown;
  readonly TimeGenerated: string;
  readonly Type: TableName;
  readonly OperationId?: string;
}

export const tables = schema as Tables; // JSON imports widen the type names to string
