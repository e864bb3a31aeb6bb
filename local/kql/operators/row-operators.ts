import { condition } from '../expressions/condition.ts';
import { refuse } from '../expressions/refuse.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, part, type SyntaxNode } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnSql, narrowed, type OrderKey, orderSql, type Relation, withHidden } from '../relation.ts';
import { expression } from '../sql-expression.ts';
import { ordering, type TabularOperator } from './operator.ts';

/** `where` */
export const whereOperator: TabularOperator = (node, input, scope) => {
  const rows = { relation: input };
  const kept = condition(part(node, 'Condition'), { ...scope, rows });
  return narrowed(rows.relation, `WHERE ${kept}`);
};

function sortKey(node: SyntaxNode, rows: { relation: Relation }, scope: QueryScope): OrderKey {
  const { value, descending, nullsFirst } = ordering(node);
  const made = scope.query.expression(value, { ...scope, rows });
  if (made.type === 'dynamic' || made.type === 'guid') return refuse(`an order by ${made.type}`, node);
  const column = rows.relation.columns.find((each) => columnSql(each) === made.sql);
  const id = column?.id ?? scope.query.fresh('__sort');
  if (!column) withHidden(rows, id, made);
  return { id, type: made.type, descending, nullsFirst };
}

const sorted = (nodes: readonly SyntaxNode[], input: Relation, scope: QueryScope): Relation => {
  const { label: _none, ...relation } = input;
  const rows: { relation: Relation } = { relation };
  const order = nodes.map((each) => sortKey(each, rows, scope));
  return { ...rows.relation, order, serialized: true };
};

/** `sort` and `order` */
export const sortOperator: TabularOperator = (node, input, scope) => sorted(listed(node, 'Expressions'), input, scope);

/** How many rows: a whole number that does not depend on the rows. */
export function rowCount(node: SyntaxNode, scope: QueryScope): string {
  const { sql, type } = scope.query.expression(node, { query: scope.query, bindings: scope.bindings });
  return type === 'long' || type === 'int' ? `greatest(${sql}, 0)` : refuse(`a number of rows of type ${type}`, node);
}

const firstRows = (relation: Relation, count: string): Relation => {
  const order = orderSql(relation);
  return narrowed(relation, `${order ? `ORDER BY ${order} ` : ''}LIMIT ${count}`);
};

/** `take` and `limit`: the first rows where they are sorted, any otherwise. */
export const takeOperator: TabularOperator = (node, input, scope) =>
  firstRows(input, rowCount(part(node, 'Expression'), scope));

/** `top` */
export const topOperator: TabularOperator = (node, input, scope) => {
  const order = sorted([part(node, 'ByExpression')], input, scope);
  return firstRows(order, rowCount(part(node, 'Expression'), scope));
};

/** `count` */
export const countOperator: TabularOperator = (node, { from }) => {
  if (node.ChildCount > 0 && (node as unknown as { AsIdentifier?: object | null }).AsIdentifier)
    return refuse('count as', node);
  return {
    from: `(SELECT count(*) AS "Count" FROM ${from})`,
    columns: [{ name: 'Count', id: 'Count', type: 'long' }],
    order: [],
    serialized: false,
  };
};

/** `render` draws; the rows stay. */
export const renderOperator: TabularOperator = (_node, input) => input;

/** `serialize` without columns: the order that the rows have is the one to rely on. */
export const serialized = (relation: Relation, scope: QueryScope): Relation => {
  if (relation.serialized || relation.order.length > 0) return { ...relation, serialized: true };
  const rows = { relation };
  const id = scope.query.fresh('__row');
  withHidden(rows, id, expression('long', 'row_number() OVER ()'));
  return { ...rows.relation, order: [{ id, type: 'long', descending: false, nullsFirst: true }], serialized: true };
};

export const isSerialize = (node: SyntaxNode): boolean => kindOf(node) === 'SerializeOperator';
