import { kindOf } from '../language/language-service.ts';
import { part, type SyntaxNode, simpleName } from '../language/syntax-node.ts';
import type { QueryScope } from '../query-scope.ts';
import { isConstant, isWhole, type SqlExpression } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { refuse, refuseValue } from './refuse.ts';

const place = (given: SqlExpression) => given.path ?? { base: given.sql, steps: '' };

/** One step further into a dynamic value, known at translation. */
function step(given: SqlExpression, more: string): SqlExpression {
  const { base, steps } = place(given);
  const path = { base, steps: steps + more };
  return { sql: `kql_json(json_extract(${base}, ${quoteText(`$${path.steps}`)}))`, type: 'dynamic', path };
}

const byKey = (given: SqlExpression, key: string, node: SyntaxNode) =>
  key === '' || /["\\*]/.test(key)
    ? refuse('a property name with quotes, backslashes or stars', node)
    : step(given, `."${key}"`);

/** `d[i]` and `d[name]` where the place is known for each row only. */
function byValue(given: SqlExpression, selector: SqlExpression, node: SyntaxNode): SqlExpression {
  if (isWhole(selector)) {
    const path = `concat('$[', CASE WHEN ${selector.sql} < 0 THEN '#' ELSE '' END, ${selector.sql}, ']')`;
    return {
      sql: `CASE WHEN ${selector.sql} IS NOT NULL THEN kql_json(json_extract(${given.sql}, ${path})) END`,
      type: 'dynamic',
    };
  }
  if (selector.type !== 'string') refuse(`a dynamic value by ${selector.type}`, node);
  const refused = refuseValue('a property name with quotes or backslashes');
  const path = `CASE WHEN regexp_matches(${selector.sql}, '["\\\\]') THEN ${refused} ELSE concat('$."', ${selector.sql}, '"') END`;
  return { sql: `kql_json(json_extract(${given.sql}, ${path}))`, type: 'dynamic' };
}

/** An element of a list of texts; DuckDB counts from 1, and from the end as KQL does. */
function listedText(texts: string, index: bigint): SqlExpression {
  const text = `(${texts})[${index < 0n ? index : index + 1n}]`;
  return { sql: `CASE WHEN ${text} IS NOT NULL THEN to_json(${text}) END`, type: 'dynamic', text };
}

/** `d[…]` */
export function dynamicElement(given: SqlExpression, selector: SqlExpression, node: SyntaxNode): SqlExpression {
  if (given.type !== 'dynamic') refuse(`[ ] of ${given.type}`, node);
  if (!isConstant(selector)) return byValue(given, selector, node);
  const { value } = selector.constant;
  if (typeof value === 'bigint' && given.texts) return listedText(given.texts, value);
  if (typeof value === 'bigint') return step(given, value < 0n ? `[#${value}]` : `[${value}]`);
  if (typeof value === 'string' && selector.type === 'string') return byKey(given, value, node);
  return refuse(`a dynamic value by ${selector.type}`, node);
}

/** `d.name` and `d["name"]`: access never fails, what is missing is null. */
export function dynamicMember(given: SqlExpression, selector: SyntaxNode, scope: QueryScope): SqlExpression {
  if (given.type !== 'dynamic') refuse(`a property of ${given.type}`, selector);
  if (kindOf(selector) === 'NameReference') return byKey(given, simpleName(selector), selector);
  if (kindOf(selector) !== 'BracketedExpression') refuse(kindOf(selector), selector);
  return dynamicElement(given, scope.query.expression(part(selector, 'Expression'), scope), selector);
}

/** The text of a dynamic value, null where it is missing. */
export function textOrNull(given: SqlExpression): string {
  if (given.text) return given.text;
  const { base, steps } = place(given);
  return `json_extract_string(${base}, ${quoteText(`$${steps}`)})`;
}
