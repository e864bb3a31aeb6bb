import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { constant, expression, isConstant, type KqlType, type SqlExpression } from '../sql-expression.ts';
import { argument, type CallSite, type FunctionFamily, takes } from './scalar-function.ts';

const to = (type: KqlType) =>
  takes(1, 1, (args, site) => {
    const given = argument(args, 0, site);
    return convert(given, type) ?? refuse(`${site.name}() of ${given.type}`, site.node);
  });

function parseJson(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const given = argument(args, 0, site);
  if (given.type === 'dynamic') return given;
  if (given.type !== 'string') return refuse(`${site.name}() of ${given.type}`, site.node);
  return isConstant(given)
    ? parseConstant(String(given.constant.value))
    : expression('dynamic', `kql_parse_json(${given.sql})`);
}

/** A text that is no JSON stays a text. */
function parseConstant(text: string): SqlExpression {
  if (text.trim() === '') return constant('dynamic', null);
  try {
    JSON.parse(text);
    // Not written anew: numbers beyond 2^53 would change.
    return expression('dynamic', `kql_parse_json(${constant('string', text).sql})`);
  } catch {
    return constant('dynamic', JSON.stringify(text));
  }
}

const parse = takes(1, 1, parseJson);

export const conversionFunctions: FunctionFamily = {
  tostring: to('string'),
  toint: to('int'),
  tolong: to('long'),
  todouble: to('real'),
  toreal: to('real'),
  todecimal: to('decimal'),
  tobool: to('bool'),
  toboolean: to('bool'),
  todatetime: to('datetime'),
  totimespan: to('timespan'),
  toguid: to('guid'),
  todynamic: parse,
  toobject: parse,
  parse_json: parse,
  parsejson: parse,
};
