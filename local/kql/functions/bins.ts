import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { expression, isConstant, isNumber, isWhole, type SqlExpression } from '../sql-expression.ts';
import { argument, type CallSite, type FunctionFamily, takes } from './scalar-function.ts';

/** The size of a bin must be known and above zero: what Azure does with others is a rule of its own for each type. */
function size(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const given = argument(args, 1, site);
  if (!isConstant(given) || !(Number(given.constant.value) > 0))
    return refuse(`${site.name}() with a size that is no constant above zero`, site.node);
  return given;
}

function bin(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const value = argument(args, 0, site);
  const step = size(args, site);
  const types = `${value.type} by ${step.type}`;
  // Dates are never negative, so that their remainder needs no correction.
  if (types === 'datetime by timespan') return expression('datetime', `(${value.sql} - ${value.sql} % ${step.sql})`);
  if (types === 'timespan by timespan') return expression('timespan', `(kql_bin(${value.sql}, ${step.sql}))`);
  if (isWhole(value) && isWhole(step))
    return expression('long', `(kql_bin(${value.sql}::BIGINT, ${step.sql}::BIGINT))`);
  const [x, s] = [convert(value, 'real'), convert(step, 'real')];
  if (!isNumber(value) || !isNumber(step) || value.type === 'decimal' || !x || !s)
    return refuse(`${site.name}() of ${types}`, site.node);
  return expression('real', `(floor(${x.sql} / ${s.sql}) * ${s.sql})`);
}

function binAt(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const value = argument(args, 0, site);
  const step = size(args, site);
  const fixed = argument(args, 2, site);
  const types = `${value.type} by ${step.type} at ${fixed.type}`;
  const known = ['datetime by timespan at datetime', 'timespan by timespan at timespan'].includes(types);
  if (!known && ![value, step, fixed].every(isWhole)) {
    const real = [value, step, fixed].map((each) => (isNumber(each) ? convert(each, 'real') : undefined));
    const [x, s, f] = real.map((each) => each?.sql ?? refuse(`bin_at() of ${types}`, site.node));
    return expression('real', `(floor((${x} - ${f}) / ${s}) * ${s} + ${f})`);
  }
  const type = known ? value.type : 'long';
  return expression(type, `(${value.sql} - kql_modulo(${value.sql} - ${fixed.sql}, ${step.sql}))`);
}

export const binFunctions: FunctionFamily = {
  bin: takes(2, 2, bin),
  floor: takes(2, 2, bin),
  bin_at: takes(3, 3, binAt),
};
