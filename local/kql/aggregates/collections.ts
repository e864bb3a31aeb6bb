import { refuse } from '../expressions/refuse.ts';
import { asDynamic } from '../functions/dynamics.ts';
import { orderSql } from '../relation.ts';
import { expression, type SqlExpression } from '../sql-expression.ts';
import {
  type Aggregate,
  type AggregateFamily,
  type AggregateSite,
  aggregates,
  both,
  knownNumber,
  over,
} from './aggregate.ts';

/** The documented limit of both. */
const MOST = 1_048_576;

const limited = (list: string, size: SqlExpression | undefined, site: AggregateSite) => {
  const most = size === undefined ? MOST : knownNumber(size, site);
  return `list_slice(${list}, 1, ${most})`;
};

const asArray = (list: string) => expression('dynamic', `coalesce(to_json(${list}), '[]'::JSON)`);

/** Nulls are left out. Rows that were sorted keep their order. */
function listOf(args: readonly SqlExpression[], site: AggregateSite, filter: string | undefined): SqlExpression {
  const [value, size] = args;
  if (!value || !site.scope.rows) return refuse(`${site.name}()`, site.node);
  const order = orderSql(site.scope.rows.relation);
  const list = over(
    `list(${asDynamic(value, site)}${order ? ` ORDER BY ${order}` : ''})`,
    both(`${value.sql} IS NOT NULL`, filter),
  );
  return asArray(limited(list, size, site));
}

/** Each value once; of an array its elements. Their order is not promised. */
function setOf(args: readonly SqlExpression[], site: AggregateSite, filter: string | undefined): SqlExpression {
  const [value, size] = args;
  if (!value) return refuse(`${site.name}()`, site.node);
  const present = both(`${value.sql} IS NOT NULL`, filter);
  if (value.type !== 'dynamic')
    return asArray(limited(over(`list(DISTINCT ${asDynamic(value, site)})`, present), size, site));
  const elements = `coalesce(kql_elements(${value.sql}), [${value.sql}])`;
  return asArray(limited(`list_distinct(flatten(${over(`list(${elements})`, present)}))`, size, site));
}

/** `make_list_if(x, condition[, size])`: the condition is not the last argument. */
const onlyIf = (apply: Aggregate['apply']): Aggregate =>
  aggregates(2, 3, ([value, condition, size], site, filter) => {
    if (!value || condition?.type !== 'bool') return refuse(`${site.name}() without a condition`, site.node);
    return apply(size ? [value, size] : [value], site, both(condition.sql, filter));
  });

const list = aggregates(1, 2, listOf);
const set = aggregates(1, 2, setOf);

export const collectionAggregates: AggregateFamily = {
  make_list: list,
  makelist: list,
  make_set: set,
  makeset: set,
  make_list_if: onlyIf(listOf),
  make_set_if: onlyIf(setOf),
};
