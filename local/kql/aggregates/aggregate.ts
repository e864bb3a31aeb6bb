import { refuse, refuseValue } from '../expressions/refuse.ts';
import type { CallSite } from '../functions/scalar-function.ts';
import { constant, expression, isNumber, isWhole, type KqlType, type SqlExpression } from '../sql-expression.ts';

/** Where an aggregate is called: the keys of the groups, and the rows, which a layer may be put under. */
export interface AggregateSite extends CallSite {
  readonly keys: readonly SqlExpression[];
}

/** An aggregate over the rows that the filter keeps: `sum` and `sumif` are one. */
export interface Aggregate {
  readonly least: number;
  readonly most: number;
  apply(args: readonly SqlExpression[], site: AggregateSite, filter: string | undefined): SqlExpression;
}

export type AggregateFamily = Readonly<Record<string, Aggregate>>;

export const aggregates = (least: number, most: number, apply: Aggregate['apply']): Aggregate => ({
  least,
  most,
  apply,
});

/** An aggregate of SQL over some rows only. */
export const over = (sql: string, filter: string | undefined): string =>
  filter === undefined ? sql : `${sql} FILTER (WHERE ${filter})`;

/** Both conditions. */
export const both = (a: string, b: string | undefined): string => (b === undefined ? a : `${a} AND ${b}`);

const first = (args: readonly SqlExpression[], site: CallSite): SqlExpression =>
  args[0] ?? refuse(`${site.name}()`, site.node);

/** What a sum over nothing is, as a type: 0. */
export const sum = aggregates(1, 1, (args, site, filter) => {
  const value = first(args, site);
  const total = over(`sum(${value.sql})`, filter);
  if (isWhole(value)) return expression('long', `coalesce(${total}, 0)::BIGINT`);
  if (value.type === 'timespan') return expression('timespan', `coalesce(${total}, 0)::BIGINT`);
  return value.type === 'real'
    ? expression('real', `coalesce(${total}, 0)::DOUBLE`)
    : refuse(`${site.name}() of ${value.type}`, site.node);
});

/** The mean of nothing is NaN, not null; that of times is null. */
export const average = aggregates(1, 1, (args, site, filter) => {
  const value = first(args, site);
  if (value.type === 'timespan' || value.type === 'datetime')
    return expression(
      value.type,
      `(${over(`sum(${value.sql})`, filter)} // ${over(`count(${value.sql})`, filter)})::BIGINT`,
    );
  if (!isNumber(value) || value.type === 'decimal') return refuse(`${site.name}() of ${value.type}`, site.node);
  return expression('real', `coalesce(${over(`avg(${value.sql})`, filter)}, 'nan'::DOUBLE)`);
});

const ORDERED: ReadonlySet<KqlType> = new Set(['int', 'long', 'real', 'string', 'datetime', 'timespan']);

/** The least and the greatest. What Azure answers among NaN is not known, so that the query stops there. */
export const extremeOf = (name: 'min' | 'max') =>
  aggregates(1, 1, (args, site, filter) => {
    const value = first(args, site);
    if (!ORDERED.has(value.type)) return refuse(`${site.name}() of ${value.type}`, site.node);
    const found = over(`${name}(${value.sql})`, filter);
    if (value.type === 'string') return expression('string', `coalesce(${found}, '')`);
    if (value.type !== 'real') return expression(value.type, found);
    // NaN is the greatest of all in DuckDB.
    const greatest = over(`max(${value.sql})`, filter);
    return expression(
      'real',
      `CASE WHEN isnan(${greatest}) THEN ${refuseValue(`${site.name}() among NaN`)}::DOUBLE ELSE ${found} END`,
    );
  });

export const count = aggregates(0, 0, (_args, _site, filter) => expression('long', over('count(*)', filter)));

/** Azure estimates; here the count is exact. */
export const distinctCount = aggregates(1, 2, (args, site, filter) => {
  const value = first(args, site);
  if (value.type === 'dynamic') return refuse(`${site.name}() of dynamic`, site.node);
  return expression('long', over(`count(DISTINCT ${value.sql})`, filter));
});

/** Spread: 0 for nothing and for one row. */
export const spread = (name: string) =>
  aggregates(1, 1, (args, site, filter) => {
    const value = first(args, site);
    if (!isNumber(value) || value.type === 'decimal') return refuse(`${site.name}() of ${value.type}`, site.node);
    return expression('real', `coalesce(${over(`${name}(${value.sql}::DOUBLE)`, filter)}, 0)::DOUBLE`);
  });

/** Any of the values; for a text the empty one where there is none. */
export const anyOf = aggregates(1, 1, (args, site, filter) => {
  const value = first(args, site);
  const found = over(`any_value(${value.sql})`, filter);
  return value.type === 'string' ? expression('string', `coalesce(${found}, '')`) : expression(value.type, found);
});

/** A number that must be known at translation. */
export function knownNumber(given: SqlExpression | undefined, site: CallSite): number {
  const value = given?.constant?.value;
  if (typeof value !== 'bigint' && typeof value !== 'number')
    return refuse(`${site.name}() with a number that is no constant`, site.node);
  return Number(value);
}

export const wholeConstant = (value: number): string => constant('long', BigInt(value)).sql;
