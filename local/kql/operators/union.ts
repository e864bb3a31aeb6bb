import { columnIds } from '../column-ids.ts';
import { refuse } from '../expressions/refuse.ts';
import { kindOf, symbolKindOf } from '../language/language-service.ts';
import { listed, part, type SyntaxNode, toArray } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnSql, type Relation } from '../relation.ts';
import { type KqlType, nothing } from '../sql-expression.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import { parametersOf, type ResultColumn, resultColumns } from './operator.ts';
import { tableRelation } from './stored-table.ts';

interface Branch {
  readonly relation: Relation;
  readonly label: string;
}

/** The tables that a part of a union stands for: `App*` stands for several. */
function branches(node: SyntaxNode, position: number, scope: QueryScope, fuzzy: boolean): Branch[] {
  const symbol = node.ReferencedSymbol;
  if (symbol && symbolKindOf(symbol) === 'Group')
    return toArray(symbol.Members).map(({ Name }) => ({ relation: tableRelation(Name, node, scope), label: Name }));
  if (kindOf(node) === 'NameReference' && kindOf(part(node, 'Name')) === 'WildcardedName') {
    return symbol
      ? [{ relation: tableRelation(symbol.Name, node, scope), label: symbol.Name }]
      : refuse('this pattern of tables', node);
  }
  if (fuzzy && kindOf(node) === 'NameReference' && !symbol) return [];
  const relation = scope.query.table(node, { query: scope.query, bindings: scope.bindings });
  return [{ relation, label: relation.label ?? `union_arg${position}` }];
}

const typesOf = (all: readonly Branch[], name: string) =>
  new Set(
    all.flatMap(({ relation }) => relation.columns.filter((column) => column.name === name).map(({ type }) => type)),
  );

/** How each name of the result is found in a branch: where a column has two types it has the type in its name. */
function origins(
  all: readonly Branch[],
  result: readonly ResultColumn[],
  node: SyntaxNode,
): { name: string; type: KqlType }[] {
  const names = [...new Set(all.flatMap(({ relation }) => relation.columns.map(({ name }) => name)))];
  const clashing = names.filter((name) => typesOf(all, name).size > 1);
  return result.map(({ name, type }) => {
    if (names.includes(name) && !clashing.includes(name) && typesOf(all, name).has(type)) return { name, type };
    const found = clashing.filter((base) => {
      const rest = name.startsWith(`${base}_${type}`) ? name.slice(`${base}_${type}`.length) : undefined;
      return rest !== undefined && /^\d*$/.test(rest) && typesOf(all, base).has(type);
    });
    const [base] = found;
    if (clashing.includes(name))
      return refuse(
        `${name} as ${[...typesOf(all, name)].join(' and ')} in one union: give it one type in every table`,
        node,
      );
    return base !== undefined && found.length === 1
      ? { name: base, type }
      : refuse(`the column ${name} of this union`, node);
  });
}

/** `union`, with or without a table before it. */
export function unionOperator(node: SyntaxNode, input: Relation | undefined, scope: QueryScope): Relation {
  const parameters = parametersOf(node, ['kind', 'withsource', 'isfuzzy']);
  const fuzzy = parameters.get('isfuzzy') === 'true';
  const given = listed(node, 'Expressions').flatMap((each, at) => branches(each, at + (input ? 1 : 0), scope, fuzzy));
  const all = input ? [{ relation: input, label: input.label ?? 'union_arg0' }, ...given] : given;
  if (all.length === 0) return refuse('a union of nothing', node);
  const common = ({ name }: { name: string }) =>
    all.every(({ relation }) => relation.columns.some((each) => each.name === name));
  // The language service answers the columns of all tables here too, and every later operator would rely on it.
  if (parameters.get('kind') === 'inner' && !all.every(({ relation }) => relation.columns.every(common)))
    return refuse('union kind=inner of tables with different columns', node);
  const source = parameters.get('withsource');
  const result = resultColumns(node);
  const from = origins(
    all,
    result.filter(({ name }) => name !== source),
    node,
  );
  const ids = columnIds(result.map(({ name }) => name));
  const selects = all.map(({ relation, label }) => {
    const rest = [...from];
    const list = result.map((column, at) => {
      const origin = column.name === source ? undefined : rest.shift();
      const value = origin && relation.columns.find(({ name, type }) => name === origin.name && type === origin.type);
      const sql = column.name === source ? quoteText(label) : value ? columnSql(value) : nothing(column.type);
      return `${sql} AS ${quoteName(ids[at] ?? '')}`;
    });
    return `SELECT ${list.join(', ')} FROM ${relation.from}`;
  });
  return {
    from: `(${selects.join(' UNION ALL ')})`,
    columns: result.map(({ name, type }, at) => ({ name, type, id: ids[at] ?? name })),
    order: [],
    serialized: false,
  };
}
