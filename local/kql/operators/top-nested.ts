import { aggregateColumns } from '../aggregates/aggregate-functions.ts';
import { columnIds } from '../column-ids.ts';
import { refuse, refuseValue } from '../expressions/refuse.ts';
import { listed, maybePart, part, type SyntaxNode } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import type { Relation } from '../relation.ts';
import type { SqlExpression } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { namedPart, ordering, resultColumns, type TabularOperator } from './operator.ts';
import { rowCount } from './row-operators.ts';

/** One `top-nested … of … by …`: what it groups by, what it orders by, and how many it keeps. */
interface Tier {
  readonly key: SyntaxNode;
  readonly measure: SyntaxNode;
  readonly direction: string;
  readonly most: string | undefined;
}

function readTier(node: SyntaxNode, scope: QueryScope): Tier {
  if (maybePart(node, 'WithOthersClause')) return refuse('top-nested with others', node);
  const { value, descending } = ordering(part(node, 'ByExpression'));
  const most = maybePart(node, 'Expression');
  return {
    key: namedPart(part(node, 'OfExpression')).node,
    measure: namedPart(value).node,
    direction: descending ? 'DESC' : 'ASC',
    most: most && rowCount(most, scope),
  };
}

const keyName = (at: number) => quoteName(`key ${at}`);
const measureName = (at: number) => quoteName(`measure ${at}`);

/** Where a group without a measure comes is not documented. */
const orderOf = ({ type }: SqlExpression, at: number, direction: string): string => {
  const name = `tier.${measureName(at)}`;
  const unknown = type === 'real' ? `${name} IS NULL OR isnan(${name})` : `${name} IS NULL`;
  const refused = refuseValue('top-nested among groups without a value');
  return `CASE WHEN ${unknown} THEN ${refused}::INTEGER END, ${name} ${direction}`;
};

/** A tier's groups in SQL: the keys of all tiers down to this one, and its measure. */
function groups(tiers: readonly Tier[], input: Relation, scope: QueryScope) {
  const rows = { relation: input };
  const inside = { ...scope, rows };
  const keys = tiers.map(({ key }) => scope.query.expression(key, inside));
  const { measure = refuse('top-nested', tiers[0]?.key as SyntaxNode), key } = tiers.at(-1) ?? {};
  if (keys.some(({ type }) => type === 'dynamic')) refuse('top-nested of dynamic', key ?? measure);
  const [made, ...more] = aggregateColumns(measure, { ...inside, groupedBy: keys }, keys);
  if (!made || more.length > 0) return refuse('top-nested by several values', measure);
  const list = keys.map(({ sql }, at) => `${sql} AS ${keyName(at)}`);
  const places = keys.map((_, at) => at + 1);
  const sql = `SELECT ${[...list, `${made.sql} AS ${measureName(tiers.length - 1)}`].join(', ')} FROM ${rows.relation.from} GROUP BY ${places.join(', ')}`;
  return { sql, key: keys.at(-1) as SqlExpression, measure: made };
}

/**
 * `top-nested`: the greatest groups of the first tier, within each of them those of the second, and so on. Of groups that
 * are equal Azure promises no choice, and of the rows no order.
 */
export const topNestedOperator: TabularOperator = (node, input, scope) => {
  const tiers = listed(node, 'Clauses').map((each) => readTier(each, scope));
  const types: SqlExpression[] = [];
  let chosen = '';
  for (const [at, { direction, most }] of tiers.entries()) {
    const { sql, key, measure } = groups(tiers.slice(0, at + 1), input, scope);
    types.push(key, measure);
    const above = Array.from({ length: at }, (_, each) => keyName(each));
    const same = above.map((name) => `outer_tier.${name} IS NOT DISTINCT FROM tier.${name}`);
    const from =
      at === 0 ? `(${sql}) AS tier` : `(${chosen}) AS outer_tier JOIN (${sql}) AS tier ON ${same.join(' AND ')}`;
    const partition = above.length > 0 ? `PARTITION BY ${above.map((name) => `tier.${name}`).join(', ')} ` : '';
    const place = `row_number() OVER (${partition}ORDER BY ${orderOf(measure, at, direction)})`;
    const shown = at === 0 ? 'tier.*' : `outer_tier.*, tier.${keyName(at)}, tier.${measureName(at)}`;
    chosen = `SELECT ${shown} FROM ${from}${most === undefined ? '' : ` QUALIFY ${place} <= ${most}`}`;
  }
  const result = resultColumns(node);
  if (result.length !== types.length) return refuse('the columns of this top-nested', node);
  const ids = columnIds(result.map(({ name }) => name));
  const names = tiers.flatMap((_, at) => [keyName(at), measureName(at)]);
  const list = names.map((name, at) => `${name} AS ${quoteName(ids[at] ?? '')}`);
  return {
    from: `(SELECT ${list.join(', ')} FROM (${chosen}))`,
    columns: result.map(({ name }, at) => ({ name, id: ids[at] ?? name, type: types[at]?.type ?? 'string' })),
    order: [],
    serialized: false,
  };
};
