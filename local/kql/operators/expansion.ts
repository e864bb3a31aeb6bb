import { refuse, refuseValue } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { elements, listed, maybePart, part, type SyntaxNode, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnSql, columnValue, type Relation, withHidden } from '../relation.ts';
import { expression, type KqlType, type SqlExpression, typeByName } from '../sql-expression.ts';
import { namedPart, parametersOf, resultColumns } from './operator.ts';

export interface Expanded {
  readonly name: string;
  readonly type: KqlType;
  readonly list: SqlExpression;
}

/** The rows of a value: of null one with null, of an array its elements, of a bag its pairs. */
function listSql(value: string, pairs: boolean, limit: string | undefined): string {
  const member = `json_extract(${value}, '$."' || __each || '"')`;
  const pair = pairs ? `json_array(__each, ${member})` : `json_object(__each, ${member})`;
  const list =
    `CASE WHEN ${value} IS NULL THEN [NULL::JSON] WHEN json_type(${value}) = 'ARRAY' THEN json_extract(${value}, '$[*]')
    WHEN json_type(${value}) = 'OBJECT' THEN list_transform(json_keys(${value}), lambda __each: ${pair}) ELSE [${value}] END`.replace(
      /\s+/g,
      ' ',
    );
  return limit === undefined ? list : `list_slice(${list}, 1, ${limit})`;
}

/** A cast only: an element of another kind is null. What a text of another kind becomes is not known. */
function cast(sql: string, type: KqlType, node: SyntaxNode): string {
  const kind = `json_type(${sql})`;
  const number = `${kind} IN ('BIGINT', 'UBIGINT')`;
  switch (type) {
    case 'dynamic':
      return `kql_json(${sql})`;
    case 'string':
      return `CASE WHEN ${kind} = 'VARCHAR' THEN json_extract_string(${sql}, '$') WHEN ${sql} IS NULL OR ${kind} = 'NULL' THEN '' ELSE ${refuseValue('mv-expand to typeof(string) of a value that is no text')} END`;
    case 'long':
      return `CASE WHEN ${number} THEN TRY_CAST((${sql})::VARCHAR AS BIGINT) WHEN ${kind} = 'DOUBLE' THEN ${refuseValue('mv-expand to typeof(long) of a real')}::BIGINT END`;
    case 'int':
      return `CASE WHEN ${number} THEN TRY_CAST((${sql})::VARCHAR AS INTEGER) WHEN ${kind} = 'DOUBLE' THEN ${refuseValue('mv-expand to typeof(int) of a real')}::INTEGER END`;
    case 'real':
      return `CASE WHEN ${number} OR ${kind} = 'DOUBLE' THEN TRY_CAST(${sql} AS DOUBLE) END`;
    case 'bool':
      return `CASE WHEN ${kind} = 'BOOLEAN' THEN json_extract_string(${sql}, '$')::BOOLEAN END`;
    case 'datetime':
      return `CASE WHEN ${kind} = 'VARCHAR' THEN kql_parse_datetime(json_extract_string(${sql}, '$')) END`;
    case 'timespan':
      return `CASE WHEN ${kind} = 'VARCHAR' THEN kql_parse_timespan(json_extract_string(${sql}, '$')) END`;
    default:
      return refuse(`mv-expand to typeof(${type})`, node);
  }
}

function typeOf(node: SyntaxNode): KqlType {
  const clause = maybePart(node, 'ToTypeOf');
  if (!clause) return 'dynamic';
  const [type] = elements(part(part(clause, 'TypeOf'), 'Types'));
  const name = type ? tokenText(type, 'Type') : '';
  return typeByName(name) ?? refuse(`typeof(${name})`, node);
}

function expandedParts(node: SyntaxNode, rows: { relation: Relation }, pairs: boolean, scope: QueryScope): Expanded[] {
  const clause = maybePart(node, 'RowLimitClause');
  const limit =
    clause && scope.query.expression(part(clause, 'RowLimit'), { query: scope.query, bindings: scope.bindings }).sql;
  const before = new Set(rows.relation.columns.map(({ name }) => name));
  const parts = listed(node, 'Expressions').map((each) => ({
    ...namedPart(part(each, 'Expression')),
    type: typeOf(each),
  }));
  const named = new Set([...before, ...parts.map(({ name }) => name)]);
  const unnamed = resultColumns(node).filter(({ name }) => !named.has(name));
  return parts.map(({ name, node: value, type }) => {
    const made = scope.query.expression(value, { ...scope, rows });
    if (made.type !== 'dynamic') return refuse(`mv-expand of ${made.type}`, value);
    const column =
      kindOf(value) === 'NameReference'
        ? rows.relation.columns.find((each) => columnSql(each) === made.sql)?.name
        : undefined;
    const list = withHidden(rows, scope.query.fresh('__list'), expression('dynamic', listSql(made.sql, pairs, limit)));
    return { name: name ?? column ?? unnamed.shift()?.name ?? refuse('a column without a name', value), type, list };
  });
}

/** What `mv-expand` and `mv-apply` have in common: lists of each row, and what becomes of their elements. */
export interface Expansion {
  /** The rows with their lists, which are hidden. */
  readonly relation: Relation;
  readonly parts: readonly Expanded[];
  /** The column with the place of an element, where it is asked for. */
  readonly index: string | undefined;
}

export function readExpansion(node: SyntaxNode, input: Relation, scope: QueryScope): Expansion {
  const parameters = parametersOf(node, ['kind', 'bagexpansion', 'with_itemindex']);
  const kind = parameters.get('kind') ?? parameters.get('bagexpansion') ?? 'bag';
  if (kind !== 'bag' && kind !== 'array') return refuse(`kind=${kind}`, node);
  const rows = { relation: input };
  const parts = expandedParts(node, rows, kind === 'array', scope);
  return { relation: rows.relation, parts, index: parameters.get('with_itemindex') };
}

/** SQL that unnests the lists side by side, each of them a column of `table`, and what the elements are as columns. */
export function unnestSql({ parts, index }: Expansion, table: string, node: SyntaxNode, scope: QueryScope) {
  const items = parts.map(() => scope.query.fresh('__item'));
  const place = scope.query.fresh('__at');
  const lists = parts.map(({ list }) => `${table}${list.sql}`);
  const longest = `greatest(${lists.map((list) => `coalesce(len(${list}), 0)`).join(', ')})`;
  const unnested = [
    ...lists.map((list, at) => `unnest(${list}) AS ${items[at]}`),
    `unnest(range(0, ${longest})) AS ${place}`,
  ];
  const columns = new Map(
    parts.map(({ name, type }, at): [string, SqlExpression] => [
      name,
      expression(type, cast(items[at] ?? '', type, node)),
    ]),
  );
  if (index !== undefined) columns.set(index, columnValue({ id: place, type: 'long' }));
  return { unnested: unnested.join(', '), columns, place };
}
