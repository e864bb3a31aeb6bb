import { kindOf, symbolKindOf } from '../language/language-service.ts';
import { listed, part, type SyntaxNode, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnSql } from '../relation.ts';
import { constant, expression, isConstant, type SqlExpression } from '../sql-expression.ts';
import { constantList, isOneOf } from './comparison.ts';
import { textOrNull } from './dynamic-access.ts';
import { refuse } from './refuse.ts';
import { textMatch } from './text-match.ts';

const items = (node: SyntaxNode) => listed(part(node, 'Right'), 'Expressions');

const isTabular = ({ ResultType }: SyntaxNode) => ResultType !== null && symbolKindOf(ResultType) === 'Table';

/** The values of a list: constants and constant arrays. */
function values(node: SyntaxNode, scope: QueryScope): SqlExpression[] {
  return items(node).flatMap((item) => {
    if (isTabular(item)) return refuse(`${tokenText(node, 'Operator')} with a table`, item);
    const value = scope.query.expression(item, scope);
    if (value.type !== 'dynamic') return [value];
    return isConstant(value) ? constantList(String(value.constant.value)) : refuse('a list that is no constant', item);
  });
}

/** `in` with a table: its first column. */
function inTable(value: SqlExpression, table: SyntaxNode, folded: boolean, scope: QueryScope): string {
  const relation = scope.query.table(table, { query: scope.query, bindings: scope.bindings });
  const [column] = relation.columns;
  if (!column) return refuse('in with a table without columns', table);
  const numbers = ['int', 'long', 'real'];
  if (column.type !== value.type && !(numbers.includes(column.type) && numbers.includes(value.type)))
    return refuse(`${value.type} in a table of ${column.type}`, table);
  if (value.type === 'dynamic') return refuse('dynamic in a table', table);
  const [left, right] = [value.sql, columnSql(column)].map((sql) => (folded ? `lower(${sql})` : sql));
  // A null in the table would make every answer null instead of false.
  return `coalesce(${left} IN (SELECT ${right} FROM ${relation.from} WHERE ${columnSql(column)} IS NOT NULL), false)`;
}

/** `in`, `!in`, `in~` and `!in~`. */
export function inList(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const operator = tokenText(node, 'Operator');
  const [not, folded] = [operator.startsWith('!'), operator.endsWith('~')];
  const value = scope.query.expression(part(node, 'Left'), scope);
  const all = items(node);
  const [only] = all;
  let found: string;
  if (all.length === 1 && only && isTabular(only)) {
    found = inTable(
      folded && value.type !== 'string' ? refuse(`${operator} of ${value.type}`, node) : value,
      only,
      folded,
      scope,
    );
  } else {
    const list = values(node, scope);
    if (!folded) found = isOneOf(value, list, node);
    else {
      const text =
        value.type === 'dynamic'
          ? { ...expression('string', `lower(${textOrNull(value)})`), nullable: true as const }
          : expression(value.type, `lower(${value.sql})`);
      const lower = list.map((item) =>
        isConstant(item) && item.type === 'string'
          ? constant('string', String(item.constant.value).toLowerCase())
          : refuse(`${operator} with this list`, node),
      );
      found =
        value.type === 'string' || value.type === 'dynamic'
          ? `coalesce(${isOneOf(text, lower, node)}, false)`
          : refuse(`${operator} of ${value.type}`, node);
    }
  }
  return expression('bool', not ? `(NOT ${found})` : found);
}

/** `has_any` and `has_all`. */
export function hasSome(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const text = scope.query.expression(part(node, 'Left'), scope);
  const found = values(node, scope).map((wanted) => textMatch('has', text, wanted, node).sql);
  if (found.length === 0) return refuse(`${tokenText(node, 'Operator')} without values`, node);
  return expression('bool', `(${found.join(kindOf(node) === 'HasAllExpression' ? ' AND ' : ' OR ')})`);
}
