import { columnIds } from '../column-ids.ts';
import { refuse } from '../expressions/refuse.ts';
import { insideCall } from '../functions/user-function.ts';
import type { AnalyzedQuery } from '../language/language-service.ts';
import type { SyntaxNode } from '../language/syntax-node.ts';
import { elements, part } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import type { Relation } from '../relation.ts';
import { isKqlType } from '../sql-expression.ts';
import { quoteName } from '../sql-text.ts';
import { bindStatements } from '../statements.ts';

/** A function of the workspace: its query in the place of its name. It sees nothing of the query that names it. */
function viewRelation(name: string, body: AnalyzedQuery, node: SyntaxNode, { query }: QueryScope): Relation {
  const statements = elements(part(body.Syntax, 'Statements'));
  const last = statements.at(-1) ?? refuse(`${name} without a query`, node);
  return insideCall(node, () => {
    const scope = bindStatements(statements.slice(0, -1), { query, bindings: new Map() });
    return { ...query.table(part(last, 'Expression'), scope), label: name };
  });
}

/** A table of the store, or a function of the workspace. */
export function tableRelation(name: string, node: SyntaxNode, scope: QueryScope): Relation {
  const { query } = scope;
  const body = Object.hasOwn(query.functions, name) ? query.functions[name] : undefined;
  if (body) return viewRelation(name, body, node, scope);
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
