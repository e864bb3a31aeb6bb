import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { listed, type SyntaxNode } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { isConstant, isNumber, type KqlType, type SqlExpression } from '../sql-expression.ts';

/** Where a function is called. */
export interface CallSite {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly scope: QueryScope;
}

type Apply = (args: readonly SqlExpression[], site: CallSite) => SqlExpression;

/** A function of KQL, with the number of arguments that are understood: one that is left unread would change the answer. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  readonly apply: Apply;
}

export type FunctionFamily = Readonly<Record<string, ScalarFunction>>;

export const takes = (least: number, most: number, apply: Apply): ScalarFunction => ({ least, most, apply });

/** An argument that is there for certain: the number of them was counted. */
export function argument(args: readonly SqlExpression[], at: number, site: CallSite): SqlExpression {
  return args[at] ?? refuse(`${site.name}() without argument ${at + 1}`, site.node);
}

/** An argument that must have a type, or become it without a guess. */
export function typed(args: readonly SqlExpression[], at: number, type: KqlType, site: CallSite): SqlExpression {
  const given = argument(args, at, site);
  const fits =
    given.type === type ||
    (type === 'string' && given.type === 'dynamic') ||
    (type === 'long' && given.type === 'int') ||
    (type === 'real' && isNumber(given));
  const made = fits ? convert(given, type) : undefined;
  return made ?? refuse(`${site.name}() of ${given.type}`, site.node);
}

/** An argument whose value must be known at translation. */
export function known(
  args: readonly SqlExpression[],
  at: number,
  site: CallSite,
): NonNullable<SqlExpression['constant']>['value'] {
  const given = argument(args, at, site);
  return isConstant(given)
    ? given.constant.value
    : refuse(`${site.name}() with argument ${at + 1} that is no constant`, site.node);
}

export const knownText = (args: readonly SqlExpression[], at: number, site: CallSite): string => {
  const value = known(args, at, site);
  return typeof value === 'string'
    ? value
    : refuse(`${site.name}() with argument ${at + 1} that is no text`, site.node);
};

/** The type in which some values meet. */
export function commonType(values: readonly SqlExpression[], site: CallSite): KqlType {
  const types = new Set(values.map(({ type }) => type));
  const [only] = types;
  if (types.size === 1 && only) return only;
  if (types.has('dynamic')) return 'dynamic';
  if (!values.every(isNumber)) refuse(`${site.name}() of ${[...types].join(' and ')}`, site.node);
  return types.has('decimal')
    ? refuse(`${site.name}() of decimal and others`, site.node)
    : types.has('real')
      ? 'real'
      : 'long';
}

/** Values in the type in which they meet. */
export function unified(values: readonly SqlExpression[], site: CallSite): { type: KqlType; sql: string[] } {
  const type = commonType(values, site);
  const sql = values.map((value) => (convert(value, type) ?? refuse(`${value.type} as ${type}`, site.node)).sql);
  return { type, sql };
}

export const argumentNodes = (call: SyntaxNode): SyntaxNode[] => {
  const list = (call as unknown as { ArgumentList?: SyntaxNode }).ArgumentList;
  return list ? listed(list, 'Expressions') : [];
};
