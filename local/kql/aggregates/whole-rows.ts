import { refuse, refuseValue } from '../expressions/refuse.ts';
import { argumentNodes } from '../functions/scalar-function.ts';
import { kindOf } from '../language/language-service.ts';
import type { SyntaxNode } from '../language/syntax-node.ts';
import { columnValue, type RelationColumn } from '../relation.ts';
import { expression, type SqlExpression } from '../sql-expression.ts';
import type { AggregateSite } from './aggregate.ts';

const isStar = (node: SyntaxNode) => kindOf(node) === 'StarExpression';

/** The columns that `*` stands for: all but the keys of the groups and the value that is looked at. */
function others(site: AggregateSite, besides: readonly SqlExpression[]): SqlExpression[] {
  const left = new Set([...site.keys, ...besides].map(({ sql }) => sql));
  const columns: readonly RelationColumn[] = site.scope.rows?.relation.columns ?? [];
  return columns.map(columnValue).filter(({ sql }) => !left.has(sql));
}

function argumentValues(
  nodes: readonly SyntaxNode[],
  besides: readonly SqlExpression[],
  site: AggregateSite,
): SqlExpression[] {
  const { groupedBy: _none, ...inside } = site.scope;
  return nodes.flatMap((node) => (isStar(node) ? others(site, besides) : [site.scope.query.expression(node, inside)]));
}

/** The values of one row, so that all of them come from the same. */
const packed = (values: readonly SqlExpression[]) =>
  `struct_pack(${values.map(({ sql }, at) => `v${at} := ${sql}`).join(', ')})`;
const unpacked = (row: string, values: readonly SqlExpression[]) =>
  values.map(({ type }, at) =>
    expression(type, type === 'string' ? `coalesce((${row}).v${at}, '')` : `(${row}).v${at}`),
  );

/** `arg_max` and `arg_min`: the row of the extreme value. Where all of them are null, any row. */
export function rowOfExtreme(site: AggregateSite): SqlExpression[] {
  const [first, ...rest] = argumentNodes(site.node);
  if (!first || isStar(first)) return refuse(`${site.name}() of *`, site.node);
  const [measure] = argumentValues([first], [], site);
  if (!measure || ['dynamic', 'bool', 'guid', 'decimal'].includes(measure.type))
    return refuse(`${site.name}() of ${measure?.type}`, site.node);
  const values = [measure, ...argumentValues(rest, [measure], site)];
  const row = packed(values);
  const found = unpacked(`coalesce(${site.name}(${row}, ${measure.sql}), any_value(${row}))`, values);
  const [extreme, ...passed] = found;
  if (!extreme || measure.type !== 'real') return found;
  // What Azure answers among NaN is not known.
  const among = `${refuseValue(`${site.name}() among NaN`)}::DOUBLE`;
  return [expression('real', `CASE WHEN isnan(max(${measure.sql})) THEN ${among} ELSE ${extreme.sql} END`), ...passed];
}

/** `take_any(a, b)` and `take_any(*)`: values of one row. */
export function anyRow(site: AggregateSite): SqlExpression[] {
  const values = argumentValues(argumentNodes(site.node), [], site);
  return unpacked(`any_value(${packed(values)})`, values);
}
