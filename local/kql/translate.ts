import { refuse } from './expressions/refuse.ts';
import { translateExpression } from './expressions/translate-expression.ts';
import type { Analyzed, KqlSchema } from './language/analyze.ts';
import { kindOf, symbolKindOf } from './language/language-service.ts';
import { elements, part, type SyntaxNode } from './language/syntax-node.ts';
import { continuePipe, translateTable } from './operators/translate-table.ts';
import type { GeneratedRowLimits, QueryScope, QueryTranslation } from './query-scope.ts';
import { columnSql, orderSql, type Relation } from './relation.ts';
import type { KqlType, SqlExpression } from './sql-expression.ts';
import { bindStatements } from './statements.ts';

/** A query in DuckDB's SQL. The clock stands in it as `CLOCK`, so that it can be run again later. */
export interface Translation {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: KqlType }[];
}

/** How a column leaves DuckDB: values that its client has no plain form for leave as text. */
function outgoing({ id, type }: Relation['columns'][number]): string {
  const sql = columnSql({ id });
  return type === 'decimal' || type === 'guid' ? `${sql}::VARCHAR AS ${sql}` : sql;
}

/** A single value as a table of one row. */
const oneCell = ({ sql, type }: SqlExpression): Relation => ({
  from: `(SELECT ${sql} AS "print_0")`,
  columns: [{ name: 'print_0', id: 'print_0', type }],
  order: [],
  serialized: false,
});

function translateLast(node: SyntaxNode, scope: QueryScope): Relation {
  const expression = part(node, 'Expression');
  const tabular = expression.ResultType !== null && symbolKindOf(expression.ResultType) === 'Table';
  return tabular ? scope.query.table(expression, scope) : oneCell(scope.query.expression(expression, scope));
}

/**
 * Translates a query that the language service accepted. Throws `KqlUnsupported` with the name and position of the first
 * thing that is not translated: there is no partial answer.
 */
export function translate(
  { query: analyzed, functions }: Analyzed,
  schema: KqlSchema,
  limits: GeneratedRowLimits,
): Translation {
  let count = 0;
  const query: QueryTranslation = {
    schema,
    limits,
    functions,
    shared: [],
    fresh: (prefix) => `${prefix}${count++}`,
    expression: translateExpression,
    table: translateTable,
    pipe: continuePipe,
  };
  const statements = elements(part(analyzed.Syntax, 'Statements'));
  const last = statements.at(-1);
  if (!last || kindOf(last) !== 'ExpressionStatement')
    return refuse('a query without a last expression', last ?? analyzed.Syntax);
  const scope = bindStatements(statements.slice(0, -1), { query, bindings: new Map() });
  const relation = translateLast(last, scope);
  // A decimal leaves as text, by which it must not be sorted.
  const order = orderSql(relation, 'result');
  const shared = query.shared.length > 0 ? `WITH ${query.shared.join(',\n')}\n` : '';
  const list = relation.columns.map(outgoing).join(', ');
  return {
    sql: `${shared}SELECT ${list || 'NULL'} FROM ${relation.from} AS result${order ? ` ORDER BY ${order}` : ''}`,
    columns: relation.columns.map(({ name, type }) => ({ name, type })),
  };
}
