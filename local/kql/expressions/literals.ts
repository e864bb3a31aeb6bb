import { kindOf } from '../language/language-service.ts';
import { elements, listed, part, type SyntaxNode, sourceText } from '../language/syntax-node.ts';
import { type ConstantValue, constant, isConstant, type KqlType, type SqlExpression } from '../sql-expression.ts';
import { datetimeText, parseDatetime, parseTimespan, timespanText } from '../ticks.ts';
import { refuse } from './refuse.ts';

const types: Readonly<Record<string, KqlType>> = {
  BooleanLiteralExpression: 'bool',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  StringLiteralExpression: 'string',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
};

export const isLiteral = (kind: string): boolean => Object.hasOwn(types, kind);

const specials: Readonly<Record<string, number>> = { nan: NaN, '+inf': Infinity, inf: Infinity, '-inf': -Infinity };

/** The value of a literal's text, or undefined for a form that is not read here. */
function parseLiteral(type: KqlType, text: string): ConstantValue | undefined {
  if (text === 'null') return null;
  switch (type) {
    case 'bool':
      return { true: true, false: false, '1': true, '0': false }[text.toLowerCase()];
    case 'int':
    case 'long':
      return /^-?(\d+|0x[0-9a-f]+)$/i.test(text)
        ? BigInt(text.replace('-', '')) * (text.startsWith('-') ? -1n : 1n)
        : undefined;
    case 'real':
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : specials[text.toLowerCase()];
    case 'decimal':
      return /^-?\d{1,26}(\.\d{1,12})?$/.test(text) ? text : undefined;
    case 'datetime':
      return parseDatetime(text);
    case 'timespan':
      return parseTimespan(text);
    case 'guid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
    default:
      return undefined;
  }
}

/** A literal as a constant. Numbers and times are read from the text: the service's own values of them lose digits. */
export function readLiteral(node: SyntaxNode): SqlExpression {
  const type = types[kindOf(node)];
  if (type === undefined) refuse(kindOf(node), node);
  if (type === 'string') return readText(String(node.LiteralValue), node);
  const written = sourceText(node);
  const text = /^[a-z]+\s*\(([\s\S]*)\)$/i.exec(written)?.[1]?.trim() ?? written;
  const value = parseLiteral(type, text.replace(/^(["'])(.*)\1$/, '$2').trim());
  return value === undefined ? refuse(`the literal ${written}`, node) : constant(type, value);
}

export function readText(text: string, node: SyntaxNode): SqlExpression {
  return text.includes('\0') ? refuse('a text with NUL', node) : constant('string', text);
}

/** JSON text of a constant, as it stands inside a dynamic value. */
export function constantJson({
  type,
  constant: known,
}: SqlExpression & { constant: { value: ConstantValue } }): string {
  const { value } = known;
  if (value === null) return 'null';
  if (type === 'dynamic') return String(value);
  if (type === 'datetime') return JSON.stringify(datetimeText(value as bigint));
  if (type === 'timespan') return JSON.stringify(timespanText(value as bigint));
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      return JSON.stringify(Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity');
    return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
  }
  return JSON.stringify(value);
}

/** The JSON text of what stands inside `dynamic(…)`. */
export function dynamicJson(node: SyntaxNode): string {
  switch (kindOf(node)) {
    case 'JsonObjectExpression': {
      const pairs = listed(node, 'Pairs').map((pair) => {
        const name = (part(pair, 'Name') as unknown as { ValueText: string }).ValueText;
        return `${JSON.stringify(name)}:${dynamicJson(part(pair, 'Value'))}`;
      });
      return `{${pairs.join(',')}}`;
    }
    case 'JsonArrayExpression':
      return `[${elements(part(node, 'Values')).map(dynamicJson).join(',')}]`;
    case 'NullLiteralExpression':
      return 'null';
    case 'UnaryMinusExpression': {
      const text = dynamicJson(part(node, 'Expression'));
      return /^[\d.]/.test(text) ? `-${text}` : refuse('this value in dynamic()', node);
    }
    case 'DynamicExpression':
      return dynamicJson(part(node, 'Expression'));
    default: {
      if (!isLiteral(kindOf(node))) refuse(`${kindOf(node)} in dynamic()`, node);
      const read = readLiteral(node);
      return isConstant(read) ? constantJson(read) : refuse('this value in dynamic()', node);
    }
  }
}

/** `dynamic(…)` as a constant. */
export function readDynamic(node: SyntaxNode): SqlExpression {
  const json = dynamicJson(part(node, 'Expression'));
  if (json.includes('\\u0000')) refuse('a text with NUL', node);
  return constant('dynamic', json === 'null' ? null : json);
}
