import { columnIds } from './column-ids.ts';
import type { KqlType, SqlExpression } from './sql-expression.ts';
import { quoteName } from './sql-text.ts';

export interface RelationColumn {
  readonly name: string;
  readonly type: KqlType;
  /** The column's name in SQL: DuckDB folds case, KQL does not, so it may have a suffix. */
  readonly id: string;
}

/** A column by which rows are ordered; it may be hidden. */
export interface OrderKey {
  readonly id: string;
  readonly type: KqlType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/**
 * A table in SQL. SQL's subqueries promise no order, so that the keys of the last sort are carried along, as hidden columns
 * where they are projected away, and written at the end.
 */
export interface Relation {
  /** What stands after FROM. */
  readonly from: string;
  readonly columns: readonly RelationColumn[];
  readonly order: readonly OrderKey[];
  /** Whether the rows have an order that prev, next and row_number may rely on. */
  readonly serialized: boolean;
  /** The name that `union withsource=` shows. */
  readonly label?: string;
}

export const columnSql = ({ id }: { id: string }): string => quoteName(id);

const orderTerms = ({ id, type, descending, nullsFirst }: OrderKey, table: string): string[] => {
  const name = `${table}${quoteName(id)}`;
  const direction = `${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  // NaN stands beside null in KQL and above infinity in DuckDB.
  return type === 'real'
    ? [`isnan(${name}) ${nullsFirst ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`, `${name} ${direction}`]
    : [`${name} ${direction}`];
};

/**
 * The terms of ORDER BY, or undefined where rows have no order. `table` is the name that the table has in the query, where a
 * result of the same name as a column could be taken for it.
 */
export const orderSql = ({ order }: Pick<Relation, 'order'>, table?: string): string | undefined =>
  order.length === 0 ? undefined : order.flatMap((key) => orderTerms(key, table ? `${table}.` : '')).join(', ');

/** A column of a new table: its name and how it is computed from the old one. */
export interface ProjectedColumn {
  readonly name: string;
  readonly value: SqlExpression;
}

/**
 * The table with these columns in the place of its own, computed row by row. The keys of its order come along, hidden
 * where no column passes them on.
 */
export function project(relation: Relation, columns: readonly ProjectedColumn[], clause = ''): Relation {
  const ids = columnIds(columns.map(({ name }) => name));
  const made = columns.map(({ name, value }, at) => ({ name, type: value.type, id: ids[at] ?? name, sql: value.sql }));
  const taken = new Set(made.map(({ id }) => id.toLowerCase()));
  const hidden: string[] = [];
  const order = relation.order.map((key) => {
    const passed = made.find(({ sql }) => sql === columnSql(key));
    if (passed) return { ...key, id: passed.id };
    let id = `__key${hidden.length}`;
    while (taken.has(id)) id = `_${id}`;
    taken.add(id);
    hidden.push(`${columnSql(key)} AS ${quoteName(id)}`);
    return { ...key, id };
  });
  const list = [...made.map(({ id, sql }) => (sql === quoteName(id) ? sql : `${sql} AS ${quoteName(id)}`)), ...hidden];
  return {
    from: `(SELECT ${list.join(', ')} FROM ${relation.from}${clause})`,
    columns: made.map(({ name, type, id }) => ({ name, type, id })),
    order,
    serialized: relation.serialized,
  };
}

/** A column as an expression over its table. */
export const columnValue = ({ id, type }: Pick<RelationColumn, 'id' | 'type'>): SqlExpression => ({
  sql: quoteName(id),
  type,
});

/** The table with every column of it passed on. */
export const passAll = ({ columns }: Relation): ProjectedColumn[] =>
  columns.map((column) => ({ name: column.name, value: columnValue(column) }));

/** The rows of a table that pass, or a part of them: what comes behind FROM changes nothing but the rows. */
export const narrowed = ({ from, columns, order, serialized }: Relation, clause: string): Relation => ({
  from: `(SELECT * FROM ${from} ${clause})`,
  columns,
  order,
  serialized,
});

/** The table with computed columns that are not shown. Answers their expressions. */
export function withHiddenAll(
  holder: { relation: Relation },
  columns: readonly { readonly id: string; readonly value: SqlExpression }[],
): SqlExpression[] {
  const { relation } = holder;
  const list = columns.map(({ id, value }) => `${value.sql} AS ${quoteName(id)}`);
  holder.relation = { ...relation, from: `(SELECT *, ${list.join(', ')} FROM ${relation.from})` };
  return columns.map(({ id, value }) => ({ sql: quoteName(id), type: value.type }));
}

/** The table with one computed column that is not shown. Answers its expression. */
export function withHidden(holder: { relation: Relation }, id: string, value: SqlExpression): SqlExpression {
  withHiddenAll(holder, [{ id, value }]);
  return { sql: quoteName(id), type: value.type };
}
