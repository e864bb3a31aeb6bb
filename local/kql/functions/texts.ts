import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { constant, expression, isConstant, type SqlExpression } from '../sql-expression.ts';
import { argument, type CallSite, type FunctionFamily, knownText, takes, typed } from './scalar-function.ts';

/** A function of one text. */
const ofText = (sql: string) =>
  takes(1, 1, (args, site) =>
    expression(
      'string',
      sql.replaceAll('$', () => typed(args, 0, 'string', site).sql),
    ),
  );

/** Any value as text, as strcat and indexof take it. */
export function anyText(given: SqlExpression, site: CallSite): SqlExpression {
  return convert(given, 'string') ?? refuse(`${site.name}() of ${given.type}`, site.node);
}

const join = (separator: string, values: readonly SqlExpression[]): SqlExpression => {
  if (values.every(isConstant))
    return constant('string', values.map(({ constant: known }) => known?.value).join(separator));
  const sql = values.map((value) => value.sql);
  return expression(
    'string',
    separator === ''
      ? `concat(${sql.join(', ')})`
      : `concat_ws(${constant('string', separator).sql}, ${sql.join(', ')})`,
  );
};

function substring(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const text = typed(args, 0, 'string', site);
  const start = typed(args, 1, 'long', site);
  const length = args.length > 2 ? typed(args, 2, 'long', site) : undefined;
  // A negative start counts from the end.
  const from =
    isConstant(start) && Number(start.constant.value) >= 0
      ? `${start.sql} + 1`
      : `CASE WHEN ${start.sql} < 0 THEN greatest(length(${text.sql}) + ${start.sql}, 0) ELSE ${start.sql} END + 1`;
  if (!length) return expression('string', `coalesce(substring(${text.sql}, ${from}), '')`);
  return expression('string', `coalesce(substring(${text.sql}, ${from}, greatest(${length.sql}, 0)), '')`);
}

/** Where a text occurs for the so manieth time in a part of another, which begins at `from`. */
function occurrence(args: readonly SqlExpression[], range: string, from: string, site: CallSite): SqlExpression {
  const count = typed(args, 4, 'long', site);
  const wanted = knownText(args, 1, site);
  // With a length, the documented answers do not follow from the documented rule.
  const unlimited = args[3]?.constant?.value === -1n;
  if (!unlimited || wanted === '' || overlapsItself(wanted) || !isConstant(count) || Number(count.constant.value) < 1)
    return refuse('indexof() with this occurrence', site.node);
  const found = `list_filter(range(1, length(${range}) + 1), lambda __each: starts_with(substring(${range}, __each), ${constant('string', wanted).sql}))[${count.sql}]`;
  return expression('long', `CASE WHEN ${range} IS NOT NULL THEN coalesce(${found} - 1 + ${from}, -1) END::BIGINT`);
}

/** Whether a text can begin inside another occurrence of it. */
export const overlapsItself = (text: string): boolean =>
  Array.from(text, (_, at) => at).some((at) => at > 0 && text.startsWith(text.slice(at)));

function indexOf(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const text = anyText(argument(args, 0, site), site).sql;
  const wanted = anyText(argument(args, 1, site), site).sql;
  if (args.length === 2) return expression('long', `(instr(${text}, ${wanted}) - 1)::BIGINT`);
  const start = typed(args, 2, 'long', site).sql;
  const from = `CASE WHEN ${start} < 0 THEN greatest(length(${text}) + ${start}, 0) ELSE ${start} END`;
  const rest = `substring(${text}, ${from} + 1)`;
  const length = args.length > 3 ? typed(args, 3, 'long', site).sql : undefined;
  const range = length
    ? `CASE WHEN ${length} = -1 THEN ${rest} WHEN ${length} >= 0 THEN substring(${text}, ${from} + 1, ${length}) END`
    : rest;
  if (args.length > 4) return occurrence(args, range, from, site);
  return expression(
    'long',
    `CASE WHEN instr(${range}, ${wanted}) = 0 THEN -1 ELSE instr(${range}, ${wanted}) - 1 + ${from} END::BIGINT`,
  );
}

const fold = (name: 'lower' | 'upper') => ofText(`${name}($)`);

export const textFunctions: FunctionFamily = {
  strcat: takes(1, 64, (args, site) =>
    join(
      '',
      args.map((value) => anyText(value, site)),
    ),
  ),
  strcat_delim: takes(2, 64, (args, site) => {
    const [delimiter, ...rest] = args.map((value) => anyText(value, site));
    if (!delimiter || !isConstant(delimiter))
      return refuse('strcat_delim() with a delimiter that is no constant', site.node);
    return join(String(delimiter.constant.value), rest);
  }),
  strlen: takes(1, 1, (args, site) => expression('long', `length(${typed(args, 0, 'string', site).sql})::BIGINT`)),
  string_size: takes(1, 1, (args, site) => expression('long', `strlen(${typed(args, 0, 'string', site).sql})::BIGINT`)),
  tolower: fold('lower'),
  toupper: fold('upper'),
  reverse: takes(1, 1, (args, site) => expression('string', `reverse(${anyText(argument(args, 0, site), site).sql})`)),
  substring: takes(2, 3, substring),
  indexof: takes(2, 5, indexOf),
  strrep: takes(2, 3, (args, site) => {
    const text = anyText(argument(args, 0, site), site).sql;
    const times = `greatest(${typed(args, 1, 'long', site).sql}, 0)`;
    const limited = `CASE WHEN ${times} > 1024 THEN error('strrep() repeats at most 1024 times') ELSE ${times} END`;
    const delimiter = args.length > 2 ? anyText(argument(args, 2, site), site).sql : "''";
    return expression(
      'string',
      `array_to_string(list_resize(CAST([] AS VARCHAR[]), (${limited})::UBIGINT, ${text}), ${delimiter})`,
    );
  }),
  replace_string: takes(3, 3, (args, site) => {
    const [text, from, to] = [0, 1, 2].map((at) => typed(args, at, 'string', site).sql);
    return expression('string', `replace(${text}, ${from}, ${to})`);
  }),
  translate: takes(3, 3, (args, site) => {
    const [from, to, text] = [0, 1, 2].map((at) => typed(args, at, 'string', site));
    // Where the lists differ in length KQL repeats the last character, or leaves out.
    if (!from || !to || !text || !isConstant(from) || !isConstant(to))
      return refuse('translate() with lists that are no constants', site.node);
    if (String(from.constant.value).length !== String(to.constant.value).length)
      refuse('translate() with lists of two lengths', site.node);
    return expression('string', `translate(${text.sql}, ${from.sql}, ${to.sql})`);
  }),
  base64_encode_tostring: ofText('base64(encode($))'),
  hash_md5: takes(1, 1, (args, site) => expression('string', `md5(${typed(args, 0, 'string', site).sql})`)),
  hash_sha256: takes(1, 1, (args, site) => expression('string', `sha256(${typed(args, 0, 'string', site).sql})`)),
  hash_sha1: takes(1, 1, (args, site) => expression('string', `sha1(${typed(args, 0, 'string', site).sql})`)),
};
