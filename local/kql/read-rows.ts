import type { DuckDBValue } from '@duckdb/node-api';
import { readJson } from './json-line.ts';
import { KqlError } from './kql-fault.ts';
import type { KqlType } from './sql-expression.ts';
import { datetimeText, isDate, timespanText } from './ticks.ts';

/**
 * A value of a result. Dates are `2020-01-31T23:59:59.1234567Z`, spans `[-][d.]hh:mm:ss[.fffffff]`, guids and decimals text;
 * a long beyond 2^53 is a bigint; dynamic values are what their JSON says.
 */
export type KqlValue = string | number | bigint | boolean | null | KqlValue[] | { [key: string]: KqlValue };

const exact = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

const nowhere = { start: 0, length: 0 };

/** A cell of DuckDB as a value of KQL. */
export function readCell(value: DuckDBValue, type: KqlType): KqlValue {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'datetime':
      if (!isDate(BigInt(value as bigint)))
        throw new KqlError('Overflow', 'A date of the result is outside of the years 1 to 9999.', nowhere);
      return datetimeText(BigInt(value as bigint));
    case 'timespan':
      return timespanText(BigInt(value as bigint));
    case 'long':
    case 'int':
      return exact(BigInt(value as bigint));
    case 'dynamic':
      return readJson(String(value));
    case 'real':
      return Number(value);
    case 'bool':
      return Boolean(value);
    default:
      return String(value);
  }
}
