import { refuse, refuseValue } from '../expressions/refuse.ts';
import { withHiddenAll } from '../relation.ts';
import { constant, expression, isWhole, type SqlExpression } from '../sql-expression.ts';
import { type AggregateFamily, type AggregateSite, aggregates, knownNumber, over } from './aggregate.ts';

const ORDERED = new Set(['int', 'long', 'real', 'datetime', 'timespan']);

function measured(args: readonly SqlExpression[], site: AggregateSite): SqlExpression {
  const [value] = args;
  if (!value || !ORDERED.has(value.type)) return refuse(`${site.name}() of ${value?.type}`, site.node);
  return value.type === 'int' ? expression('long', `${value.sql}::BIGINT`) : value;
}

function share(given: SqlExpression | undefined, site: AggregateSite): number {
  const percent = knownNumber(given, site);
  return percent >= 0 && percent <= 100 ? percent : refuse(`${site.name}() of ${percent} percent`, site.node);
}

/** By nearest rank: a value that occurs. What Azure answers among NaN is not known. */
function ranked(value: SqlExpression, percent: number, site: AggregateSite, filter?: string): SqlExpression {
  const found = over(`quantile_disc(${value.sql}, ${constant('real', percent).sql} / 100)`, filter);
  if (value.type !== 'real') return expression(value.type, found);
  const greatest = over(`max(${value.sql})`, filter);
  return expression(
    'real',
    `CASE WHEN isnan(${greatest}) THEN ${refuseValue(`${site.name}() among NaN`)}::DOUBLE ELSE ${found} END`,
  );
}

/** Columns of a layer under the aggregates: the weight up to each row by value, and that of its group. */
interface Weighed {
  readonly upTo: string;
  readonly all: string;
}

/** What was made for the rows of a summarize, so that three percentiles of one value cost one sort. */
const made = new WeakMap<object, Map<string, Weighed>>();

/** DuckDB has no weighted percentile: sums over the rows of each group in the order of their values stand in for it. */
function weighed(value: SqlExpression, weight: SqlExpression | undefined, site: AggregateSite): Weighed {
  const { rows, query } = site.scope;
  if (!rows || !weight || !isWhole(weight)) return refuse(`${site.name}() with a weight of ${weight?.type}`, site.node);
  const known = made.get(rows) ?? new Map<string, Weighed>();
  made.set(rows, known);
  const name = `${value.sql} by ${weight.sql}`;
  const found = known.get(name);
  if (found) return found;
  const within = site.keys.length > 0 ? `PARTITION BY ${site.keys.map(({ sql }) => sql).join(', ')}` : '';
  // Whole numbers below 2^53 are exact as DOUBLE, whose sum is faster.
  const counted = `(CASE WHEN ${value.sql} IS NULL THEN 0 ELSE greatest(${weight.sql}, 0) END)::DOUBLE`;
  const [upTo, all] = withHiddenAll(rows, [
    {
      id: query.fresh('__weight'),
      value: expression('real', `sum(${counted}) OVER (${within} ORDER BY ${value.sql})`),
    },
    { id: query.fresh('__weights'), value: expression('real', `sum(${counted}) OVER (${within})`) },
  ]);
  const weights = { upTo: upTo?.sql ?? '', all: all?.sql ?? '' };
  known.set(name, weights);
  return weights;
}

function weightedRank(value: SqlExpression, { upTo, all }: Weighed, percent: number): SqlExpression {
  const reached = `${upTo} * 100 >= ${all} * ${constant('real', percent).sql} AND ${upTo} > 0`;
  return expression(value.type, over(`min(${value.sql})`, reached));
}

export const percentileAggregates: AggregateFamily = {
  percentile: aggregates(2, 2, (args, site) => ranked(measured(args, site), share(args[1], site), site)),
  percentilew: aggregates(3, 3, (args, site) => {
    const value = measured(args, site);
    return weightedRank(value, weighed(value, args[1], site), share(args[2], site));
  }),
};

/** `percentiles` and `percentilesw`: a column for each percentage. */
export function severalPercentiles(args: readonly SqlExpression[], site: AggregateSite): SqlExpression[] {
  const value = measured(args, site);
  if (site.name === 'percentiles') return args.slice(1).map((percent) => ranked(value, share(percent, site), site));
  const weights = weighed(value, args[1], site);
  return args.slice(2).map((percent) => weightedRank(value, weights, share(percent, site)));
}
