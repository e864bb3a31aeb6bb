import { refuse } from '../expressions/refuse.ts';
import { orderSql, withHidden } from '../relation.ts';
import { constant, expression, isWhole, nothing, type SqlExpression } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { argument, type CallSite, type FunctionFamily, takes, typed } from './scalar-function.ts';

const ROW = '__row';

/** The name of the column that numbers the rows at hand. Rows that are equal by the last sort get one order for all uses. */
function rowColumn({ name, node, scope }: CallSite): string {
  const { rows } = scope;
  if (!rows) return refuse(`${name}() without rows`, node);
  if (!rows.relation.serialized)
    return refuse(`${name}() on rows without an order: sort or serialize them first`, node);
  const [only] = rows.relation.order;
  if (rows.relation.order.length === 1 && only?.id.startsWith(ROW)) return quoteName(only.id);
  const id = scope.query.fresh(ROW);
  const sorted = orderSql(rows.relation);
  withHidden(rows, id, expression('long', `row_number() OVER (${sorted ? `ORDER BY ${sorted}` : ''})`));
  rows.relation = { ...rows.relation, order: [{ id, type: 'long', descending: false, nullsFirst: true }] };
  return quoteName(id);
}

/** A window function cannot stand inside another or in WHERE: it becomes a column of a layer below. */
function layered(value: SqlExpression, { node, name, scope }: CallSite): SqlExpression {
  if (!scope.rows) return refuse(`${name}() without rows`, node);
  return withHidden(scope.rows, scope.query.fresh('__window'), value);
}

const neighbour = (sqlName: 'lag' | 'lead') =>
  takes(1, 3, (args, site) => {
    const value = argument(args, 0, site);
    const offset = args.length > 1 ? typed(args, 1, 'long', site) : constant('long', 1n);
    if (!offset.constant) return refuse(`${site.name}() with an offset that is no constant`, site.node);
    const missing = args.length > 2 ? typed(args, 2, value.type, site).sql : nothing(value.type);
    const row = rowColumn(site);
    return layered(
      expression(value.type, `${sqlName}(${value.sql}, ${offset.sql}, ${missing}) OVER (ORDER BY ${row})`),
      site,
    );
  });

/** Which stretch between two restarts a row is in, or undefined where there is no restart. */
function stretch(args: readonly SqlExpression[], at: number, row: string, site: CallSite): string {
  if (args.length <= at) return '';
  const restart = typed(args, at, 'bool', site);
  const count = `sum(CASE WHEN ${restart.sql} THEN 1 ELSE 0 END) OVER (ORDER BY ${row})`;
  return `PARTITION BY ${layered(expression('long', count), site).sql} `;
}

export const windowFunctions: FunctionFamily = {
  prev: neighbour('lag'),
  next: neighbour('lead'),
  row_number: takes(0, 2, (args, site) => {
    const first = args.length > 0 ? typed(args, 0, 'long', site) : constant('long', 1n);
    const row = rowColumn(site);
    const within = stretch(args, 1, row, site);
    return layered(expression('long', `(row_number() OVER (${within}ORDER BY ${row}) - 1 + ${first.sql})`), site);
  }),
  row_cumsum: takes(1, 2, (args, site) => {
    const value = argument(args, 0, site);
    if (!isWhole(value) && value.type !== 'real' && value.type !== 'timespan')
      return refuse(`row_cumsum() of ${value.type}`, site.node);
    const row = rowColumn(site);
    const within = stretch(args, 1, row, site);
    const physical = value.type === 'real' ? 'DOUBLE' : value.type === 'int' ? 'INTEGER' : 'BIGINT';
    return layered(expression(value.type, `(sum(${value.sql}) OVER (${within}ORDER BY ${row}))::${physical}`), site);
  }),
};
