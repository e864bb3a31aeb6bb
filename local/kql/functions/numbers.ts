import { refuse } from '../expressions/refuse.ts';
import { constant, expression, isWhole } from '../sql-expression.ts';
import { argument, type FunctionFamily, takes, typed } from './scalar-function.ts';

/** A function of one real. */
const ofReal = (sql: string) =>
  takes(1, 1, (args, site) =>
    expression(
      'real',
      sql.replaceAll('x', () => typed(args, 0, 'real', site).sql),
    ),
  );

/** Outside of what a function is defined for, KQL answers NaN or an infinity where DuckDB fails. */
const logarithm = (name: string) =>
  ofReal(`CASE WHEN (x) > 0 THEN ${name}(x) WHEN (x) = 0 THEN '-inf'::DOUBLE WHEN (x) < 0 THEN 'nan'::DOUBLE END`);

const bits = (operator: string) =>
  takes(2, 2, (args, site) =>
    expression('long', `(${typed(args, 0, 'long', site).sql} ${operator} ${typed(args, 1, 'long', site).sql})`),
  );

export const numberFunctions: FunctionFamily = {
  round: takes(1, 2, (args, site) => {
    const value = argument(args, 0, site);
    const digits = args.length > 1 ? typed(args, 1, 'long', site) : constant('long', 0n);
    if (isWhole(value))
      return args.length > 1
        ? refuse('round() of a whole number to digits', site.node)
        : expression('long', `${value.sql}::BIGINT`);
    return expression('real', `kql_round(${typed(args, 0, 'real', site).sql}, (${digits.sql})::INTEGER)`);
  }),
  abs: takes(1, 1, (args, site) => {
    const value = argument(args, 0, site);
    if (value.type === 'timespan') return expression('timespan', `abs(${value.sql})`);
    return isWhole(value)
      ? expression('long', `abs(${value.sql}::BIGINT)`)
      : expression('real', `abs(${typed(args, 0, 'real', site).sql})`);
  }),
  ceiling: takes(1, 1, (args, site) => {
    if (isWhole(argument(args, 0, site))) refuse('ceiling() of a whole number', site.node);
    return expression('real', `ceil(${typed(args, 0, 'real', site).sql})`);
  }),
  sign: ofReal('sign(x)::DOUBLE'),
  pi: takes(0, 0, () => expression('real', 'pi()')),
  sqrt: ofReal("CASE WHEN (x) < 0 THEN 'nan'::DOUBLE ELSE sqrt(x) END"),
  pow: takes(2, 2, (args, site) =>
    expression('real', `pow(${typed(args, 0, 'real', site).sql}, ${typed(args, 1, 'real', site).sql})`),
  ),
  exp: takes(1, 1, (args, site) => expression('real', `exp(${typed(args, 0, 'real', site).sql})`)),
  exp2: ofReal("pow('2'::DOUBLE, x)"),
  exp10: ofReal("pow('10'::DOUBLE, x)"),
  log: logarithm('ln'),
  log2: logarithm('log2'),
  log10: logarithm('log10'),
  sin: ofReal('sin(x)'),
  cos: ofReal('cos(x)'),
  tan: ofReal('tan(x)'),
  atan: ofReal('atan(x)'),
  atan2: takes(2, 2, (args, site) =>
    expression('real', `atan2(${typed(args, 0, 'real', site).sql}, ${typed(args, 1, 'real', site).sql})`),
  ),
  degrees: ofReal('degrees(x)'),
  radians: ofReal('radians(x)'),
  binary_and: bits('&'),
  binary_or: bits('|'),
  binary_xor: takes(2, 2, (args, site) =>
    expression('long', `xor(${typed(args, 0, 'long', site).sql}, ${typed(args, 1, 'long', site).sql})`),
  ),
};
