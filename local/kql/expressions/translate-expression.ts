import { kindOf, symbolKindOf } from '../language/language-service.ts';
import { elements, listed, part, type SyntaxNode, simpleName, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnSql, orderSql } from '../relation.ts';
import { constant, expression, isConstant, nothing, type SqlExpression } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { arithmetic, signed } from './arithmetic.ts';
import { compare } from './comparison.ts';
import { dynamicElement, dynamicMember } from './dynamic-access.ts';
import { hasSome, inList } from './list-operators.ts';
import { isLiteral, readDynamic, readLiteral, readText } from './literals.ts';
import { refuse } from './refuse.ts';
import { isTextMatch, matchesRegex, textMatch } from './text-match.ts';
import { translateCall } from './translate-call.ts';

function reference(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const name = simpleName(node);
  const symbol = node.ReferencedSymbol;
  if (symbol && symbolKindOf(symbol) === 'Column') {
    const column = scope.rows?.relation.columns.find((each) => each.name === name);
    if (!column) return refuse(`the column ${name} here`, node);
    const sql = columnSql(column);
    return column.type === 'dynamic'
      ? { sql, type: 'dynamic', path: { base: sql, steps: '' } }
      : { sql, type: column.type };
  }
  const binding = scope.bindings.get(name);
  if (binding?.kind === 'scalar') return binding.expression;
  if (binding?.kind === 'function') return translateCall(node, scope);
  return refuse(`the name ${name} here`, node);
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%']);
const COMPARISONS = new Set(['==', '!=', '<>', '<', '<=', '>', '>=']);

function binary(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const operator = tokenText(node, 'Operator');
  const a = scope.query.expression(part(node, 'Left'), scope);
  const b = scope.query.expression(part(node, 'Right'), scope);
  if (ARITHMETIC.has(operator)) return arithmetic(operator, a, b, node);
  if (COMPARISONS.has(operator)) return compare(operator, [a, b], node);
  if (isTextMatch(operator)) return textMatch(operator, a, b, node);
  if (operator === 'matches regex') return matchesRegex(a, b, node);
  if (operator !== 'and' && operator !== 'or') return refuse(operator, node);
  if (a.type !== 'bool' || b.type !== 'bool') return refuse(`${a.type} ${operator} ${b.type}`, node);
  return expression('bool', `(${a.sql} ${operator.toUpperCase()} ${b.sql})`);
}

/** `between` and `!between`; a span at the end counts from the beginning. */
function between(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const value = scope.query.expression(part(node, 'Left'), scope);
  const from = scope.query.expression(part(part(node, 'Right'), 'First'), scope);
  const to = scope.query.expression(part(part(node, 'Right'), 'Second'), scope);
  const end = from.type === 'datetime' && to.type === 'timespan' ? arithmetic('+', from, to, node) : to;
  const inside = `(${compare('>=', [value, from], node).sql} AND ${compare('<=', [value, end], node).sql})`;
  return expression('bool', tokenText(node, 'Operator').startsWith('!') ? `(NOT ${inside})` : inside);
}

/** The value of a query's first column and row, computed once. */
function toScalar(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const { query, bindings } = scope;
  const inner = part(node, 'Expression');
  if (!inner.ResultType || symbolKindOf(inner.ResultType) !== 'Table')
    return query.expression(inner, { query, bindings });
  const relation = query.table(inner, { query, bindings });
  const [column] = relation.columns;
  if (!column) return refuse('toscalar() of no column', node);
  const name = quoteName(query.fresh('__scalar'));
  const order = orderSql(relation);
  const first = `SELECT ${columnSql(column)} AS value FROM ${relation.from}${order ? ` ORDER BY ${order}` : ''} LIMIT 1`;
  query.shared.push(`${name} AS MATERIALIZED (${first})`);
  const sql = `(SELECT value FROM ${name})`;
  return expression(column.type, column.type === 'string' ? `coalesce(${sql}, ${nothing('string')})` : sql);
}

const forms: Readonly<Record<string, (node: SyntaxNode, scope: QueryScope) => SqlExpression>> = {
  NameReference: reference,
  ParenthesizedExpression: (node, scope) => scope.query.expression(part(node, 'Expression'), scope),
  BetweenExpression: between,
  NotBetweenExpression: between,
  HasAnyExpression: hasSome,
  HasAllExpression: hasSome,
  DynamicExpression: readDynamic,
  FunctionCallExpression: translateCall,
  ToScalarExpression: toScalar,
  UnaryMinusExpression: (node, scope) => signed('-', scope.query.expression(part(node, 'Expression'), scope), node),
  UnaryPlusExpression: (node, scope) => signed('+', scope.query.expression(part(node, 'Expression'), scope), node),
  PathExpression: (node, scope) =>
    dynamicMember(scope.query.expression(part(node, 'Expression'), scope), part(node, 'Selector'), scope),
  ElementExpression: (node, scope) => {
    const selector = scope.query.expression(part(part(node, 'Selector'), 'Expression'), scope);
    return dynamicElement(scope.query.expression(part(node, 'Expression'), scope), selector, node);
  },
  CompoundStringLiteralExpression: (node) => {
    const tokens = elements(part(node, 'Tokens')) as unknown as { ValueText: string }[];
    return readText(tokens.map(({ ValueText }) => ValueText).join(''), node);
  },
  SimpleNamedExpression: (node, scope) => scope.query.expression(part(node, 'Expression'), scope),
  NullLiteralExpression: () => constant('dynamic', null),
};

/** An expression of KQL as SQL. Throws `KqlUnsupported` for what is not translated. */
export function translateExpression(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const kind = kindOf(node);
  if (isLiteral(kind)) return readLiteral(node);
  const form = forms[kind];
  if (form) return form(node, scope);
  if (kind.includes('In') && 'Right' in (node as object) && /^!?in~?$/.test(tokenText(node, 'Operator')))
    return inList(node, scope);
  if ('Left' in (node as object) && 'Right' in (node as object)) return binary(node, scope);
  return refuse(kind, node);
}

/** The constants of a list. */
export const constantsOf = (node: SyntaxNode, name: string, scope: QueryScope): SqlExpression[] =>
  listed(node, name).map((item) => {
    const value = scope.query.expression(item, scope);
    return isConstant(value) ? value : refuse('a value that is no constant', item);
  });
