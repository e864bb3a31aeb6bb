import { refuse } from '../expressions/refuse.ts';
import { argumentNodes } from '../functions/scalar-function.ts';
import { kindOf } from '../language/language-service.ts';
import { part, type SyntaxNode, simpleName } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import type { SqlExpression } from '../sql-expression.ts';
import {
  type Aggregate,
  type AggregateFamily,
  type AggregateSite,
  aggregates,
  anyOf,
  average,
  both,
  count,
  distinctCount,
  extremeOf,
  spread,
  sum,
} from './aggregate.ts';
import { collectionAggregates } from './collections.ts';
import { percentileAggregates, severalPercentiles } from './percentiles.ts';
import { anyRow, rowOfExtreme } from './whole-rows.ts';

/** The same over the rows for which the argument behind the others of `arguments` holds. */
const onlyWhere = ({ apply }: Aggregate, least: number, most = least): Aggregate =>
  aggregates(least + 1, most + 1, (args, site, filter) => {
    const condition = args[least];
    if (condition?.type !== 'bool') return refuse(`${site.name}() without a condition`, site.node);
    return apply(
      args.filter((_, at) => at !== least),
      site,
      both(condition.sql, filter),
    );
  });

const [least, greatest] = [extremeOf('min'), extremeOf('max')];
const exactly = aggregates(1, 1, distinctCount.apply);
const spreads = { stdev: 'stddev_samp', variance: 'var_samp', stdevp: 'stddev_pop', variancep: 'var_pop' };

const named: AggregateFamily = {
  count,
  countif: onlyWhere(count, 0),
  sum,
  sumif: onlyWhere(sum, 1),
  avg: average,
  avgif: onlyWhere(average, 1),
  min: least,
  minif: onlyWhere(least, 1),
  max: greatest,
  maxif: onlyWhere(greatest, 1),
  dcount: distinctCount,
  dcountif: onlyWhere(distinctCount, 1, 2),
  count_distinct: exactly,
  count_distinctif: onlyWhere(exactly, 1),
  any: anyOf,
  take_any: anyOf,
  anyif: onlyWhere(anyOf, 1),
  take_anyif: onlyWhere(anyOf, 1),
  ...Object.fromEntries(
    Object.entries(spreads).flatMap(([name, sql]) => [
      [name, spread(sql)],
      [`${name}if`, onlyWhere(spread(sql), 1)],
    ]),
  ),
  ...percentileAggregates,
  ...collectionAggregates,
};

export const isAggregate = (name: string): boolean => Object.hasOwn(named, name);

const siteOf = (node: SyntaxNode, scope: QueryScope, keys: readonly SqlExpression[]): AggregateSite => ({
  name: simpleName(part(node, 'Name')),
  node,
  scope,
  keys,
});

/** A call of an aggregate that has one value. */
export function translateAggregate(node: SyntaxNode, scope: QueryScope, keys: readonly SqlExpression[]): SqlExpression {
  const site = siteOf(node, scope, keys);
  const aggregate = named[site.name];
  const nodes = argumentNodes(node);
  if (
    !aggregate ||
    nodes.length < aggregate.least ||
    nodes.length > aggregate.most ||
    nodes.some((each) => kindOf(each) === 'StarExpression')
  )
    return refuse(`${site.name}() with these arguments`, node);
  // An aggregate does not stand inside another.
  const { groupedBy: _none, ...inside } = scope;
  return aggregate.apply(
    nodes.map((each) => scope.query.expression(each, inside)),
    site,
    undefined,
  );
}

/** The columns of an aggregate that stands alone: most have one. */
export function aggregateColumns(node: SyntaxNode, scope: QueryScope, keys: readonly SqlExpression[]): SqlExpression[] {
  if (kindOf(node) !== 'FunctionCallExpression') return [scope.query.expression(node, scope)];
  const site = siteOf(node, scope, keys);
  const nodes = argumentNodes(node);
  switch (site.name) {
    case 'arg_max':
    case 'arg_min':
      return rowOfExtreme(site);
    case 'any':
    case 'take_any':
      if (nodes.length > 1 || nodes.some((each) => kindOf(each) === 'StarExpression')) return anyRow(site);
      return [scope.query.expression(node, scope)];
    case 'percentiles':
    case 'percentilesw': {
      const { groupedBy: _none, ...inside } = scope;
      return severalPercentiles(
        nodes.map((each) => scope.query.expression(each, inside)),
        site,
      );
    }
    default:
      return [scope.query.expression(node, scope)];
  }
}
