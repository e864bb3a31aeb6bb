/**
 * The DuckDB type that holds each type of KQL. Dates and spans are ticks of 100 ns, dates from 0001-01-01: DuckDB's own
 * timestamps lose the seventh digit. A string is never null, so its columns are NOT NULL DEFAULT ''.
 */
export const physicalTypes = {
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  decimal: 'DECIMAL(38,12)',
  string: 'VARCHAR',
  guid: 'UUID',
  dynamic: 'JSON',
  datetime: 'BIGINT',
  timespan: 'BIGINT',
} as const;
