import type { SyntaxNode } from '../language/syntax-node.ts';
import { constant, expression, isConstant, isNumber, type SqlExpression } from '../sql-expression.ts';
import { textOrNull } from './dynamic-access.ts';
import { refuse, refuseValue } from './refuse.ts';

/** A number or boolean inside a dynamic value. What Azure answers for a text there is not known. */
function fromDynamic(given: SqlExpression, other: SqlExpression, node: SyntaxNode): SqlExpression {
  if (other.type === 'string') {
    if (other.constant?.value === '') refuse('dynamic compared with "": write isempty(tostring(…))', node);
    return { ...expression('string', textOrNull(given)), nullable: true };
  }
  if (isNumber(other)) return expression('real', `kql_compared_real(${given.sql})`);
  if (other.type === 'bool') return expression('bool', `kql_compared_bool(${given.sql})`);
  return refuse(`dynamic compared with ${other.type}`, node);
}

/** The two sides of a comparison, of types that compare. The service lets every pair pass. */
export function comparable(a: SqlExpression, b: SqlExpression, node: SyntaxNode): [SqlExpression, SqlExpression] {
  if (a.type === 'dynamic' && b.type === 'dynamic') refuse('dynamic compared with dynamic', node);
  if (a.type === 'dynamic') return [fromDynamic(a, b, node), b];
  if (b.type === 'dynamic') return [a, fromDynamic(b, a, node)];
  if (a.type === b.type || (isNumber(a) && isNumber(b))) return [a, b];
  return refuse(`${a.type} compared with ${b.type}`, node);
}

/** NaN is equal to nothing; to DuckDB it is equal to itself and the greatest of all. */
const guard = (side: SqlExpression): string | undefined =>
  side.type !== 'real' || (isConstant(side) && !Number.isNaN(side.constant.value)) ? undefined : `isnan(${side.sql})`;

const neverNull = (side: SqlExpression) =>
  (side.type === 'string' && !side.nullable) || (isConstant(side) && side.constant.value !== null);

/**
 * `==` and `!=`. With one null the answer is false and true, with two it is null. At the top of a `where` the difference
 * between false and null does not show, and the plain form is the fastest.
 */
export function equality(a: SqlExpression, b: SqlExpression, not: boolean, plain: boolean): SqlExpression {
  const nan = guard(a) ?? guard(b);
  const equal = nan && guard(a) && guard(b) ? `(${a.sql} = ${b.sql} AND NOT ${nan})` : `(${a.sql} = ${b.sql})`;
  const different =
    nan && guard(a) && guard(b)
      ? `(${a.sql} IS DISTINCT FROM ${b.sql} OR ${nan})`
      : `(${a.sql} IS DISTINCT FROM ${b.sql})`;
  if (neverNull(a) && neverNull(b)) return expression('bool', not ? `(NOT ${equal})` : equal);
  if (plain) return expression('bool', not ? different : equal);
  const answer = not ? different : `coalesce(${equal}, false)`;
  if (neverNull(a) || neverNull(b)) return expression('bool', answer);
  // Of two null bools one page of the documentation says null and another false.
  const bothNull = a.type === 'bool' ? `${refuseValue('two bools compared that are both null')}::BOOLEAN` : 'NULL';
  return expression('bool', `CASE WHEN ${a.sql} IS NULL AND ${b.sql} IS NULL THEN ${bothNull} ELSE ${answer} END`);
}

/** `<`, `<=`, `>` and `>=`: null where a side is null. */
export function inOrder(operator: string, a: SqlExpression, b: SqlExpression, node: SyntaxNode): SqlExpression {
  if (a.type === 'bool' || b.type === 'bool' || a.type === 'guid') refuse(`${operator} of ${a.type}`, node);
  const nan = operator.startsWith('>') ? guard(a) : guard(b);
  const answer = `(${a.sql} ${operator} ${b.sql})`;
  return expression('bool', nan ? `(${answer} AND NOT ${nan})` : answer);
}

/** `==`, `!=`, `<`, `<=`, `>` and `>=`. */
export function compare(
  operator: string,
  given: readonly [SqlExpression, SqlExpression],
  node: SyntaxNode,
  { plain = false }: { plain?: boolean } = {},
): SqlExpression {
  const [a, b] = comparable(...given, node);
  if (operator === '==' || operator === '!=' || operator === '<>') return equality(a, b, operator !== '==', plain);
  return inOrder(operator, a, b, node);
}

/** Whether a value is one of a list: false where it is null. */
export function isOneOf(value: SqlExpression, list: readonly SqlExpression[], node: SyntaxNode): string {
  if (list.length === 0) return 'false';
  const pairs = list.map((item) => comparable(value, item, node));
  const left = pairs[0]?.[0].sql ?? value.sql;
  if (pairs.some(([side]) => side.sql !== left)) refuse('in with a list of several types', node);
  const kept = pairs.map(([, item]) => item).filter(({ constant: known }) => known?.value !== null);
  if (kept.length === 0) return 'false';
  const among = `${left} IN (${kept.map(({ sql }) => sql).join(', ')})`;
  return value.type === 'string' && kept.every(neverNull) ? `(${among})` : `coalesce(${among}, false)`;
}

/** The elements of a constant list. */
export function constantList(json: string): SqlExpression[] {
  const values = JSON.parse(json) as unknown;
  const list = Array.isArray(values) ? values : [values];
  return list.map((value) => {
    if (typeof value === 'string') return constant('string', value);
    if (typeof value === 'boolean') return constant('bool', value);
    if (typeof value === 'number')
      return Number.isSafeInteger(value) ? constant('long', BigInt(value)) : constant('real', value);
    return constant('dynamic', value === null ? null : JSON.stringify(value));
  });
}
