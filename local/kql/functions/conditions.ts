import { compare } from '../expressions/comparison.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { expression, type SqlExpression } from '../sql-expression.ts';
import { argument, type CallSite, type FunctionFamily, takes, typed, unified } from './scalar-function.ts';

const empty = (args: readonly SqlExpression[], site: CallSite) => {
  const given = argument(args, 0, site);
  if (given.type === 'string') return `(${given.sql} = '')`;
  return given.type === 'dynamic' ? `(kql_dynamic_text(${given.sql}) = '')` : `(${given.sql} IS NULL)`;
};
/** A string is never null. */
const isNull = (args: readonly SqlExpression[], site: CallSite) => {
  const given = argument(args, 0, site);
  return given.type === 'string' ? 'false' : `(${given.sql} IS NULL)`;
};

const isEmpty = takes(1, 1, (args, site) => expression('bool', empty(args, site)));
const isNotEmpty = takes(1, 1, (args, site) => expression('bool', `(NOT ${empty(args, site)})`));
const isNotNull = takes(1, 1, (args, site) => expression('bool', `(NOT ${isNull(args, site)})`));

const choose = takes(3, 3, (args, site) => {
  const condition = typed(args, 0, 'bool', site);
  const { type, sql } = unified(args.slice(1), site);
  return expression(type, `CASE WHEN ${condition.sql} THEN ${sql[0]} ELSE ${sql[1]} END`);
});

const firstCase = takes(3, 99, (args, site) => {
  if (args.length % 2 === 0) refuse('case() without a last value', site.node);
  const values = args.filter((_, at) => at % 2 === 1 || at === args.length - 1);
  const { type, sql } = unified(values, site);
  const branches = sql.slice(0, -1).map((value, at) => `WHEN ${typed(args, at * 2, 'bool', site).sql} THEN ${value}`);
  return expression(type, `CASE ${branches.join(' ')} ELSE ${sql.at(-1)} END`);
});

const extreme = (name: string) =>
  takes(2, 64, (args, site) => {
    const { type, sql } = unified(args, site);
    if (type === 'dynamic' || type === 'guid' || type === 'bool' || type === 'string')
      refuse(`${site.name}() of ${type}`, site.node);
    const found = `${name}(${sql.join(', ')})`;
    if (type !== 'real') return expression(type, found);
    const nan = sql.map((each) => `isnan(${each})`).join(' OR ');
    return expression(type, `CASE WHEN ${nan} THEN ${refuseValue(`${site.name}() of NaN`)}::DOUBLE ELSE ${found} END`);
  });

const isReal = (test: string) =>
  takes(1, 1, (args, site) =>
    expression('bool', `coalesce(${test.replaceAll('x', () => typed(args, 0, 'real', site).sql)}, false)`),
  );

export const conditionFunctions: FunctionFamily = {
  iff: choose,
  iif: choose,
  case: firstCase,
  coalesce: takes(2, 64, (args, site) => {
    const { type, sql } = unified(args, site);
    // For texts it is the first that is not empty.
    if (type === 'string')
      return expression(type, `coalesce(${sql.map((value) => `nullif(${value}, '')`).join(', ')}, '')`);
    return expression(type, `coalesce(${sql.join(', ')})`);
  }),
  isnull: takes(1, 1, (args, site) => expression('bool', isNull(args, site))),
  isnotnull: isNotNull,
  notnull: isNotNull,
  isempty: isEmpty,
  isnotempty: isNotEmpty,
  notempty: isNotEmpty,
  isnan: isReal('isnan(x)'),
  isinf: isReal('isinf(x)'),
  isfinite: isReal('isfinite(x)'),
  not: takes(1, 1, (args, site) => expression('bool', `(NOT ${typed(args, 0, 'bool', site).sql})`)),
  max_of: extreme('greatest'),
  min_of: extreme('least'),
  strcmp: takes(2, 2, (args, site) => {
    const [a, b] = [typed(args, 0, 'string', site), typed(args, 1, 'string', site)];
    const less = compare('<', [a, b], site.node).sql;
    return expression('long', `CASE WHEN ${a.sql} = ${b.sql} THEN 0 WHEN ${less} THEN -1 ELSE 1 END::BIGINT`);
  }),
};
