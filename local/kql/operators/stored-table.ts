import { refuse } from '../expressions/refuse.ts';
import type { SyntaxNode } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnIds, type Relation } from '../relation.ts';
import { isKqlType } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';

/** A table of the store. */
export function tableRelation(name: string, node: SyntaxNode, { query }: QueryScope): Relation {
  const columns = Object.hasOwn(query.schema, name) ? query.schema[name] : undefined;
  if (!columns) return refuse(`the table ${name}`, node);
  const names = Object.keys(columns);
  const ids = columnIds(names);
  return {
    from: quoteName(name),
    columns: Object.entries(columns).map(([column, type], at) => ({
      name: column,
      type: isKqlType(type) ? type : refuse(`the type ${type} of ${name}.${column}`, node),
      id: ids[at] ?? column,
    })),
    order: [],
    serialized: false,
    label: name,
  };
}
