import { refuse } from './expressions/refuse.ts';
import { kindOf, symbolKindOf } from './language/language-service.ts';
import { part, type SyntaxNode, simpleName } from './language/syntax-node.ts';
import { type Binding, type QueryScope, withBinding } from './query-scope.ts';

const isTable = ({ ResultType }: SyntaxNode) => ResultType !== null && symbolKindOf(ResultType) === 'Table';

function bindingOf(value: SyntaxNode, name: string, scope: QueryScope): Binding {
  if (kindOf(value) === 'FunctionDeclaration')
    return { kind: 'function', declaration: value, bindings: scope.bindings };
  if (isTable(value)) return { kind: 'table', relation: { ...scope.query.table(value, scope), label: name } };
  return { kind: 'scalar', expression: scope.query.expression(value, scope) };
}

/** The scope behind some `let` statements. */
export function bindStatements(statements: readonly SyntaxNode[], scope: QueryScope): QueryScope {
  let inside = scope;
  for (const statement of statements) {
    if (kindOf(statement) !== 'LetStatement') refuse(kindOf(statement), statement);
    const name = simpleName(part(statement, 'Name'));
    inside = withBinding(inside, name, bindingOf(part(statement, 'Expression'), name, inside));
  }
  return inside;
}
