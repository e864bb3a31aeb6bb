import { refuse, refuseValue } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { elements, listed, maybePart, part, type SyntaxNode, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import {
  columnSql,
  columnValue,
  type ProjectedColumn,
  passAll,
  project,
  type Relation,
  withHidden,
} from '../relation.ts';
import { expression, type KqlType, type SqlExpression, typeByName } from '../sql-expression.ts';
import { namedPart, parametersOf, resultColumns, type TabularOperator } from './operator.ts';

interface Expanded {
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

/** `mv-expand`: several columns are expanded side by side, the shorter ones padded with null. */
export const mvExpandOperator: TabularOperator = (node, input, scope) => {
  const parameters = parametersOf(node, ['kind', 'bagexpansion', 'with_itemindex']);
  const kind = parameters.get('kind') ?? parameters.get('bagexpansion') ?? 'bag';
  if (kind !== 'bag' && kind !== 'array') return refuse(`kind=${kind}`, node);
  const rows = { relation: input };
  const parts = expandedParts(node, rows, kind === 'array', scope);
  const index = parameters.get('with_itemindex');
  const { query } = scope;
  const items = parts.map(() => query.fresh('__item'));
  const at = query.fresh('__at');
  const longest = `greatest(${parts.map(({ list }) => `coalesce(len(${list.sql}), 0)`).join(', ')})`;
  const unnested = [
    ...parts.map(({ list }, each) => `unnest(${list.sql}) AS ${items[each]}`),
    `unnest(range(0, ${longest})) AS ${at}`,
  ];
  const spread: Relation = {
    ...rows.relation,
    from: `(SELECT *, ${unnested.join(', ')} FROM ${rows.relation.from})`,
    // The elements of a row stay in their order.
    order:
      rows.relation.order.length > 0
        ? [...rows.relation.order, { id: at, type: 'long', descending: false, nullsFirst: true }]
        : [],
  };
  const made = new Map(
    parts.map(({ name, type }, each): [string, SqlExpression] => [
      name,
      expression(type, cast(items[each] ?? '', type, node)),
    ]),
  );
  const before = new Map(passAll(input).map(({ name, value }) => [name, value]));
  if (index !== undefined) made.set(index, columnValue({ id: at, type: 'long' }));
  const columns: ProjectedColumn[] = resultColumns(node).map(({ name }) => ({
    name,
    value: made.get(name) ?? before.get(name) ?? refuse(`the column ${name}`, node),
  }));
  return project(spread, columns);
};
