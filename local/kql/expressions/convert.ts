import { physicalTypes } from '../physical-types.ts';
import { constant, expression, isConstant, type KqlType, nothing, type SqlExpression } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { datetimeText, timespanText } from '../ticks.ts';
import { constantJson } from './literals.ts';

type Conversion = (sql: string) => string;

const cast = (type: KqlType) => (sql: string) => `(${sql})::${physicalTypes[type]}`;
const truncated = (type: KqlType) => (sql: string) => `TRY_CAST(trunc(${sql}) AS ${physicalTypes[type]})`;

/** How each type becomes each other one; what is not here is refused. */
const conversions: Readonly<Record<KqlType, Partial<Record<KqlType, Conversion>>>> = {
  string: {
    int: (s) => `coalesce((${s})::VARCHAR, '')`,
    long: (s) => `coalesce((${s})::VARCHAR, '')`,
    real: (s) => `kql_real_text(${s})`,
    guid: (s) => `coalesce((${s})::VARCHAR, '')`,
    datetime: (s) => `kql_datetime_text(${s})`,
    timespan: (s) => `kql_timespan_text(${s})`,
    dynamic: (s) => `kql_dynamic_text(${s})`,
  },
  bool: {
    int: (s) => `(${s} <> 0)`,
    long: (s) => `(${s} <> 0)`,
    string: (s) => `kql_parse_bool(${s})`,
    dynamic: (s) => `kql_dynamic_bool(${s})`,
  },
  int: {
    bool: cast('int'),
    long: (s) => `TRY_CAST(${s} AS INTEGER)`,
    real: truncated('int'),
    string: (s) => `kql_parse_int(${s})`,
    dynamic: (s) => `TRY_CAST(kql_dynamic_long(${s}) AS INTEGER)`,
  },
  long: {
    bool: cast('long'),
    int: cast('long'),
    real: truncated('long'),
    string: (s) => `kql_parse_long(${s})`,
    dynamic: (s) => `kql_dynamic_long(${s})`,
  },
  real: {
    int: cast('real'),
    long: cast('real'),
    decimal: cast('real'),
    string: (s) => `kql_parse_real(${s})`,
    dynamic: (s) => `kql_dynamic_real(${s})`,
  },
  decimal: {
    int: cast('decimal'),
    long: cast('decimal'),
  },
  guid: {
    string: (s) => `TRY_CAST(${s} AS UUID)`,
    dynamic: (s) => `TRY_CAST(kql_dynamic_text(${s}) AS UUID)`,
  },
  datetime: {
    string: (s) => `kql_parse_datetime(${s})`,
    dynamic: (s) => `kql_parse_datetime(kql_dynamic_text(${s}))`,
  },
  timespan: {
    string: (s) => `kql_parse_timespan(${s})`,
    dynamic: (s) => `kql_parse_timespan(kql_dynamic_text(${s}))`,
  },
  dynamic: {
    bool: (s) => `to_json(${s})`,
    int: (s) => `to_json(${s})`,
    long: (s) => `to_json(${s})`,
    real: (s) => `kql_real_json(${s})`,
    string: (s) => `to_json(${s})`,
    guid: (s) => `to_json((${s})::VARCHAR)`,
    datetime: (s) => `to_json(nullif(kql_datetime_text(${s}), ''))`,
    timespan: (s) => `to_json(nullif(kql_timespan_text(${s}), ''))`,
  },
};

/** The place inside a dynamic value as text: what is missing is the empty text. */
const textAtPath = ({ base, steps }: NonNullable<SqlExpression['path']>) =>
  `coalesce(json_extract_string(${base}, ${quoteText(`$${steps}`)}), '')`;

function convertConstant(given: SqlExpression, type: KqlType): SqlExpression | undefined {
  if (!isConstant(given)) return undefined;
  const { value } = given.constant;
  if (type === 'dynamic') return constant('dynamic', value === null ? null : constantJson(given));
  if (value === null) return constant(type, null);
  if (type === 'string') {
    if (given.type === 'datetime') return constant('string', datetimeText(value as bigint));
    if (given.type === 'timespan') return constant('string', timespanText(value as bigint));
    if (typeof value === 'bigint' || given.type === 'guid') return constant('string', String(value));
  }
  if (type === 'real' && typeof value === 'bigint') return constant('real', Number(value));
  if (type === 'decimal' && typeof value === 'bigint') return constant('decimal', String(value));
  if (
    (type === 'long' || type === 'int') &&
    typeof value === 'bigint' &&
    given.type !== 'datetime' &&
    given.type !== 'timespan'
  )
    return BigInt.asIntN(type === 'int' ? 32 : 64, value) === value ? constant(type, value) : constant(type, null);
  return undefined;
}

/**
 * A value as another type, as KQL's conversion functions do it: what cannot be read is null, and the empty text where the
 * type is string. Undefined where the pair is not known.
 */
export function convert(given: SqlExpression, type: KqlType): SqlExpression | undefined {
  if (given.type === type) return given;
  const known = convertConstant(given, type);
  if (known) return known;
  if (type === 'string' && given.text) return expression('string', `coalesce(${given.text}, '')`);
  if (given.type === 'dynamic' && type === 'string' && given.path) return expression('string', textAtPath(given.path));
  const sql = conversions[type][given.type]?.(given.sql);
  return sql === undefined ? undefined : expression(type, sql);
}

/** Nothing, of a type. */
export const nothingOf = (type: KqlType): SqlExpression => expression(type, nothing(type));
