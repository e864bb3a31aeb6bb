import { physicalTypes } from './physical-types.ts';
import { quoteText } from './sql-text.ts';

export type KqlType = keyof typeof physicalTypes;

/** A value that is known at translation. Dates and spans are ticks, dynamic values are JSON text. */
export type ConstantValue = string | bigint | number | boolean | null;

/** An expression of KQL in SQL. */
export interface SqlExpression {
  readonly sql: string;
  readonly type: KqlType;
  /** Known at translation, so that patterns, lists and steps are worked out once. */
  readonly constant?: { readonly value: ConstantValue };
  /** A place inside a dynamic value: `a.b["c"][0]` is read with one path. */
  readonly path?: { readonly base: string; readonly steps: string };
  /** The same array as a list of texts in SQL, where it is known to be one, so that it need not become JSON and back. */
  readonly texts?: string;
  /** The same value as a text in SQL, null where it is missing. */
  readonly text?: string;
  /** Set for a text that can be null in SQL after all: one that is compared out of a dynamic value. */
  readonly nullable?: true;
}

export const isKqlType = (name: string): name is KqlType => Object.hasOwn(physicalTypes, name);

/** What an absent value of a type is in SQL: a string is never null. */
export const nothing = (type: KqlType): string => (type === 'string' ? "''" : `NULL::${physicalTypes[type]}`);

const MIN_LONG = -(2n ** 63n);

function writeConstant(type: KqlType, value: ConstantValue): string {
  if (value === null) return nothing(type);
  const physical = physicalTypes[type];
  switch (typeof value) {
    case 'bigint':
      // 9223372036854775808 alone is no BIGINT.
      if (value === MIN_LONG) return `'${value}'::${physical}`;
      return value < 0n ? `(${value})::${physical}` : `${value}::${physical}`;
    case 'number':
      return `'${Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : value}'::DOUBLE`;
    case 'boolean':
      return String(value);
    default:
      return type === 'string' ? quoteText(value) : `${quoteText(value)}::${physical}`;
  }
}

/** A constant; `null` is an empty text where the type is string. */
export function constant(type: KqlType, value: ConstantValue): SqlExpression {
  const known = type === 'string' && value === null ? '' : value;
  return { sql: writeConstant(type, known), type, constant: { value: known } };
}

export const expression = (type: KqlType, sql: string): SqlExpression => ({ sql, type });

export const isConstant = (
  given: SqlExpression,
): given is SqlExpression & { constant: { readonly value: ConstantValue } } => given.constant !== undefined;

export const isNumber = ({ type }: SqlExpression): boolean =>
  type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
export const isWhole = ({ type }: SqlExpression): boolean => type === 'int' || type === 'long';

const aliases: Readonly<Record<string, KqlType>> = {
  date: 'datetime',
  time: 'timespan',
  double: 'real',
  boolean: 'bool',
  uuid: 'guid',
};

/** A type by the name that a query gives it. */
export function typeByName(name: string): KqlType | undefined {
  const known = Object.hasOwn(aliases, name) ? aliases[name] : name;
  return known !== undefined && isKqlType(known) ? known : undefined;
}
