import { convert } from '../expressions/convert.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { expression, type SqlExpression } from '../sql-expression.ts';
import { argument, type CallSite, type FunctionFamily, knownText, takes, typed } from './scalar-function.ts';

export const asDynamic = (given: SqlExpression, site: CallSite): string =>
  (convert(given, 'dynamic') ?? refuse(`${site.name}() of ${given.type}`, site.node)).sql;

const dynamicArgument = (args: readonly SqlExpression[], at: number, site: CallSite) =>
  typed(args, at, 'dynamic', site).sql;

/** A list of JSON values as one dynamic value. */
const listJson = (list: string) => `to_json(${list})`;

const pack = takes(2, 128, (args, site) => {
  if (args.length % 2 === 1) refuse(`${site.name}() without a last value`, site.node);
  const names = args.filter((_, at) => at % 2 === 0).map((_, at) => knownText(args, at * 2, site));
  if (new Set(names).size < names.length) refuse(`${site.name}() with a name twice`, site.node);
  const pairs = names.flatMap((name, at) => [anyName(name), asDynamic(argument(args, at * 2 + 1, site), site)]);
  return expression('dynamic', `json_object(${pairs.join(', ')})`);
});
const anyName = (name: string) => `'${name.replaceAll("'", "''")}'`;

const length = takes(1, 1, (args, site) =>
  expression(
    'long',
    `CASE WHEN json_type(${dynamicArgument(args, 0, site)}) = 'ARRAY' THEN json_array_length(${dynamicArgument(args, 0, site)})::BIGINT END`,
  ),
);

/** A value as it stands in a dynamic array. */
const item = (args: readonly SqlExpression[], at: number, site: CallSite) => asDynamic(argument(args, at, site), site);

function indexOf(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const value = argument(args, 1, site);
  if (value.type === 'dynamic' || value.type === 'real') return refuse(`array_index_of() of ${value.type}`, site.node);
  const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
  return expression(
    'long',
    `CASE WHEN ${list} IS NOT NULL THEN coalesce(list_position(${list}, ${item(args, 1, site)}), 0) - 1 END::BIGINT`,
  );
}

/** How long a list may be that is made for each row. */
const MOST_PER_ROW = 10_000;

function range(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const given = [0, 1].map((at) => typed(args, at, 'long', site).sql);
  const step = args.length > 2 ? typed(args, 2, 'long', site) : undefined;
  if (step?.constant?.value === 0n || (step && !step.constant))
    return refuse('range() with a step that is no constant', site.node);
  // A list is not held by memory_limit: the documented limit is kept before it is built.
  const most = `least(1048576, (${given[1]} - ${given[0]}) // ${step?.sql ?? '1'} + 1)`;
  // Of constants there is one list for all rows; otherwise one for each, which no limit of DuckDB holds.
  const known = [0, 1].every((at) => argument(args, at, site).constant);
  const many = known ? `greatest(${most}, 0)` : `kql_generated(${most}, ${MOST_PER_ROW})`;
  const values = `list_transform(range(0, ${many}), lambda __each: ${given[0]} + __each * ${step?.sql ?? '1'})`;
  return expression(
    'dynamic',
    `CASE WHEN ${given[0]} IS NOT NULL AND ${given[1]} IS NOT NULL THEN ${listJson(values)} END`,
  );
}

function split(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const text = typed(args, 0, 'string', site).sql;
  const delimiter = knownText(args, 1, site);
  if (delimiter === '') return refuse('split() with an empty delimiter', site.node);
  const parts = `string_split(${text}, ${anyName(delimiter)})`;
  if (args.length === 2) return { ...expression('dynamic', listJson(parts)), texts: parts };
  const at = typed(args, 2, 'long', site).constant?.value;
  if (typeof at !== 'bigint' || at < 0n) return refuse('split() with an index that is no constant', site.node);
  return expression('dynamic', listJson(`list_slice(${parts}, ${at + 1n}, ${at + 1n})`));
}

export const dynamicFunctions: FunctionFamily = {
  array_length: length,
  arraylength: length,
  array_index_of: takes(2, 2, indexOf),
  set_has_element: takes(2, 2, (args, site) => {
    const value = argument(args, 1, site);
    if (value.type === 'dynamic' || value.type === 'real')
      return refuse(`set_has_element() of ${value.type}`, site.node);
    const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
    return expression('bool', `CASE WHEN ${list} IS NOT NULL THEN list_contains(${list}, ${item(args, 1, site)}) END`);
  }),
  array_concat: takes(1, 64, (args, site) => {
    const lists = args.map((_, at) => `coalesce(kql_elements(${dynamicArgument(args, at, site)}), [])`);
    return expression('dynamic', listJson(`flatten([${lists.join(', ')}])`));
  }),
  array_reverse: takes(1, 1, (args, site) => {
    const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
    return expression('dynamic', `CASE WHEN ${list} IS NOT NULL THEN ${listJson(`list_reverse(${list})`)} END`);
  }),
  array_slice: takes(3, 3, (args, site) => {
    const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
    // Both ends count, negative ones from the end; what lies outside is left out.
    const place = (at: number) => {
      const { sql } = typed(args, at, 'long', site);
      return `CASE WHEN ${sql} < 0 THEN len(${list}) + ${sql} ELSE ${sql} END`;
    };
    return expression(
      'dynamic',
      `CASE WHEN ${list} IS NOT NULL THEN ${listJson(`list_slice(${list}, greatest(${place(1)}, 0) + 1, greatest(${place(2)} + 1, 0))`)} END`,
    );
  }),
  set_difference: takes(2, 2, (args, site) => {
    const [a, b] = [0, 1].map((at) => `kql_elements(${dynamicArgument(args, at, site)})`);
    const once = `list_filter(${a}, lambda __each, __at: list_position(${a}, __each) = __at AND NOT list_contains(${b}, __each))`;
    return expression('dynamic', `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${listJson(once)} END`);
  }),
  set_intersect: takes(2, 2, (args, site) => {
    const [a, b] = [0, 1].map((at) => `kql_elements(${dynamicArgument(args, at, site)})`);
    const once = `list_filter(${a}, lambda __each, __at: list_position(${a}, __each) = __at AND list_contains(${b}, __each))`;
    return expression('dynamic', `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${listJson(once)} END`);
  }),
  strcat_array: takes(2, 2, (args, site) => {
    const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
    const delimiter = typed(args, 1, 'string', site).sql;
    return expression(
      'string',
      `coalesce(array_to_string(list_transform(${list}, lambda __each: coalesce(json_extract_string(__each, '$'), '')), ${delimiter}), '')`,
    );
  }),
  array_sum: takes(1, 1, (args, site) => {
    const list = `kql_elements(${dynamicArgument(args, 0, site)})`;
    return expression(
      'real',
      `CASE WHEN ${list} IS NOT NULL THEN list_sum(list_transform(${list}, lambda __each: TRY_CAST(__each AS DOUBLE))) END`,
    );
  }),
  pack_array: takes(1, 128, (args, site) =>
    expression('dynamic', listJson(`[${args.map((each) => asDynamic(each, site)).join(', ')}]`)),
  ),
  pack,
  bag_pack: pack,
  pack_dictionary: pack,
  bag_keys: takes(1, 1, (args, site) => {
    const bag = dynamicArgument(args, 0, site);
    return expression('dynamic', `CASE WHEN json_type(${bag}) = 'OBJECT' THEN ${listJson(`json_keys(${bag})`)} END`);
  }),
  bag_has_key: takes(2, 2, (args, site) => {
    const bag = dynamicArgument(args, 0, site);
    if (knownText(args, 1, site).startsWith('$')) refuse('bag_has_key() with a path', site.node);
    return expression(
      'bool',
      `CASE WHEN json_type(${bag}) = 'OBJECT' THEN list_contains(json_keys(${bag}), ${anyName(knownText(args, 1, site))}) ELSE false END`,
    );
  }),
  split: takes(2, 3, split),
  range: takes(2, 3, range),
  repeat: takes(2, 2, (args, site) => {
    const count = typed(args, 1, 'long', site).sql;
    const times = `kql_generated(${count}, ${MOST_PER_ROW})`;
    return expression(
      'dynamic',
      `to_json(list_transform(range(0, (${times})::BIGINT), lambda __each: ${item(args, 0, site)}))`,
    );
  }),
  gettype: takes(1, 1, (args, site) => {
    const given = argument(args, 0, site);
    if (given.type !== 'dynamic') return expression('string', anyName(given.type));
    // A number in JSON is int, long or real by rules of Azure's own.
    const refused = refuseValue('gettype() of a dynamic number or bool');
    return expression(
      'string',
      `CASE coalesce(json_type(${given.sql}), 'NULL') WHEN 'ARRAY' THEN 'array' WHEN 'OBJECT' THEN 'dictionary' WHEN 'VARCHAR' THEN 'string' WHEN 'NULL' THEN 'null' ELSE ${refused} END`,
    );
  }),
};
