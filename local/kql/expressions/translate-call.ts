import { isAggregate, translateAggregate } from '../aggregates/aggregate-functions.ts';
import { argumentNodes, type CallSite, knownText } from '../functions/scalar-function.ts';
import { scalarFunctions } from '../functions/scalar-functions.ts';
import { inlineCall, insideCall } from '../functions/user-function.ts';
import { kindOf } from '../language/language-service.ts';
import { listed, maybePart, part, type SyntaxNode, simpleName, sourceText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { columnValue } from '../relation.ts';
import { constant, expression, type SqlExpression } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { bindStatements } from '../statements.ts';
import { convert } from './convert.ts';
import { refuse } from './refuse.ts';

/** A function of the query, pasted in. */
function pasted(node: SyntaxNode, scope: QueryScope, binding: Parameters<typeof inlineCall>[1]): SqlExpression {
  const call = inlineCall(node, binding, scope);
  return insideCall(node, () => {
    const statements = maybePart(call.body, 'Statements');
    const inside = statements ? bindStatements(listed(call.body, 'Statements'), call.scope) : call.scope;
    return scope.query.expression(maybePart(call.body, 'Expression') ?? call.body, inside);
  });
}

/** Functions that look at the columns of the rows and not at values alone. */
const ofColumns: Readonly<Record<string, (site: CallSite, nodes: readonly SyntaxNode[]) => SqlExpression>> = {
  column_ifexists(site, [name, fallback]) {
    const { scope, node } = site;
    if (!name || !fallback) return refuse(site.name, node);
    const wanted = knownText([scope.query.expression(name, scope)], 0, site);
    const column = scope.rows?.relation.columns.find((each) => each.name === wanted);
    return column ? columnValue(column) : scope.query.expression(fallback, scope);
  },
  pack_all(site, nodes) {
    if (nodes.length > 0) return refuse('pack_all() with an argument', site.node);
    const columns = site.scope.rows?.relation.columns ?? [];
    const pairs = columns.flatMap((column) => {
      const value = convert(columnValue(column), 'dynamic') ?? refuse(`pack_all() of ${column.type}`, site.node);
      return [quoteText(column.name), value.sql];
    });
    return expression('dynamic', `json_object(${pairs.join(', ')})`);
  },
};
const special = { ...ofColumns, columnifexists: ofColumns.column_ifexists };

/** The call of a function, or a name that stands for one. */
export function translateCall(node: SyntaxNode, scope: QueryScope): SqlExpression {
  const name = simpleName(kindOf(node) === 'NameReference' ? node : part(node, 'Name'));
  const binding = scope.bindings.get(name);
  if (binding?.kind === 'function') return pasted(node, scope, binding);
  const nodes = argumentNodes(node);
  const site = { name, node, scope };
  if (Object.hasOwn(special, name)) return special[name as keyof typeof special]?.(site, nodes) ?? refuse(name, node);
  if (scope.groupedBy && isAggregate(name)) return translateAggregate(node, scope, scope.groupedBy);
  const known = Object.hasOwn(scalarFunctions, name) ? scalarFunctions[name] : undefined;
  if (!known) return refuse(`${name}()`, node);
  if (nodes.length < known.least || nodes.length > known.most)
    return refuse(`${name}() with ${nodes.length} arguments`, node);
  const args = nodes.map((each) =>
    kindOf(each) === 'TypeOfLiteralExpression'
      ? constant('string', sourceText(each))
      : scope.query.expression(each, scope),
  );
  return known.apply(args, site);
}
