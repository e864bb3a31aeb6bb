import { kindOf } from '../language/language-service.ts';
import { part, type SyntaxNode, tokenText } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { compare } from './comparison.ts';
import { refuse } from './refuse.ts';

/**
 * A condition that keeps rows or drops them, so that null and false are one: comparisons directly under `and` and `or` get
 * their plain form.
 */
export function condition(node: SyntaxNode, scope: QueryScope): string {
  const side = (name: string) => condition(part(node, name), scope);
  switch (kindOf(node)) {
    case 'ParenthesizedExpression':
      return side('Expression');
    case 'AndExpression':
      return `(${side('Left')} AND ${side('Right')})`;
    case 'OrExpression':
      return `(${side('Left')} OR ${side('Right')})`;
    case 'EqualExpression':
    case 'NotEqualExpression': {
      const sides = [part(node, 'Left'), part(node, 'Right')].map((each) => scope.query.expression(each, scope));
      const [a, b] = sides;
      if (!a || !b) return refuse('a comparison', node);
      return compare(tokenText(node, 'Operator'), [a, b], node, { plain: true }).sql;
    }
    default: {
      const { sql, type } = scope.query.expression(node, scope);
      return type === 'bool' ? sql : refuse(`a condition of type ${type}`, node);
    }
  }
}
