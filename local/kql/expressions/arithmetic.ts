import type { SyntaxNode } from '../language/syntax-node.ts';
import { physicalTypes } from '../physical-types.ts';
import {
  constant,
  expression,
  isConstant,
  isNumber,
  isWhole,
  type KqlType,
  type SqlExpression,
} from '../sql-expression.ts';
import { refuse } from './refuse.ts';

const widest = (a: SqlExpression, b: SqlExpression): KqlType =>
  [a, b].some(({ type }) => type === 'decimal')
    ? 'decimal'
    : [a, b].some(({ type }) => type === 'real')
      ? 'real'
      : 'long';

const as = ({ sql, type }: SqlExpression, wanted: KqlType) =>
  type === wanted ? sql : `${sql}::${physicalTypes[wanted]}`;

/** What two whole constants make, so that sizes and limits are known at translation; undefined on overflow. */
function folded(operator: string, a: SqlExpression, b: SqlExpression, type: KqlType): SqlExpression | undefined {
  if (!isConstant(a) || !isConstant(b)) return undefined;
  const [x, y] = [a.constant.value, b.constant.value];
  if (typeof x !== 'bigint' || typeof y !== 'bigint') return undefined;
  const value = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : undefined;
  return value === undefined || BigInt.asIntN(64, value) !== value ? undefined : constant(type, value);
}

function ofNumbers(operator: string, a: SqlExpression, b: SqlExpression, node: SyntaxNode): SqlExpression {
  const type = widest(a, b);
  const [x, y] = [as(a, type), as(b, type)];
  if (operator === '%') {
    if (type !== 'long') refuse(`% of ${type}`, node);
    return expression('long', `kql_modulo(${x}, ${y})`);
  }
  // Multiplying and dividing decimals needs Kusto's own precision.
  if (type === 'decimal' && operator !== '+' && operator !== '-') refuse(`${operator} of decimal`, node);
  if (type === 'decimal' && [a, b].some((side) => side.type === 'real')) refuse('decimal with real', node);
  if (operator === '/' && type === 'long') return expression('long', `(${x} // ${y})`);
  return folded(operator, a, b, type) ?? expression(type, `(${x} ${operator} ${y})`);
}

/** Dates and spans. Undefined for a pair that KQL does not know. */
function ofTimes(operator: string, a: SqlExpression, b: SqlExpression): SqlExpression | undefined {
  const types = `${a.type} ${operator} ${b.type}`;
  const made = (type: KqlType) => folded(operator, a, b, type) ?? expression(type, `(${a.sql} ${operator} ${b.sql})`);
  const scaled = (span: SqlExpression, number: SqlExpression) =>
    isWhole(number) && operator === '*'
      ? made('timespan')
      : expression('timespan', `trunc(${span.sql} ${operator} ${as(number, 'real')})::BIGINT`);
  switch (types) {
    case 'datetime - datetime':
    case 'timespan + timespan':
    case 'timespan - timespan':
      return made('timespan');
    case 'datetime + timespan':
    case 'datetime - timespan':
    case 'timespan + datetime':
      return made('datetime');
    case 'timespan / timespan':
      return expression('real', `(${a.sql}::DOUBLE / ${b.sql})`);
    case 'timespan % timespan':
      return expression('timespan', `kql_modulo(${a.sql}, ${b.sql})`);
    case 'timespan * int':
    case 'timespan * long':
    case 'timespan * real':
    case 'timespan / int':
    case 'timespan / long':
    case 'timespan / real':
      return scaled(a, b);
    case 'int * timespan':
    case 'long * timespan':
    case 'real * timespan':
      return scaled(b, a);
    default:
      return undefined;
  }
}

/** `a + b`, `-`, `*`, `/` and `%`. */
export function arithmetic(operator: string, a: SqlExpression, b: SqlExpression, node: SyntaxNode): SqlExpression {
  if (isNumber(a) && isNumber(b)) return ofNumbers(operator, a, b, node);
  return ofTimes(operator, a, b) ?? refuse(`${a.type} ${operator} ${b.type}`, node);
}

/** `-x` and `+x`. */
export function signed(operator: string, value: SqlExpression, node: SyntaxNode): SqlExpression {
  if (!isNumber(value) && value.type !== 'timespan') refuse(`${operator} of ${value.type}`, node);
  if (operator === '+') return value;
  const known = value.constant?.value;
  if (typeof known === 'bigint' || typeof known === 'number') return constant(value.type, -known);
  if (value.type === 'decimal' && typeof known === 'string')
    return constant('decimal', known.startsWith('-') ? known.slice(1) : `-${known}`);
  return expression(value.type, `(-${value.sql})`);
}
