import type { SyntaxNode } from '../language/syntax-node.ts';
import { expression, isConstant, type SqlExpression } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import { convert } from './convert.ts';
import { refuse } from './refuse.ts';

const PATTERN = /^(!?)(contains|startswith|endswith|hasprefix|hassuffix|has)(_cs)?$/;

export const isTextMatch = (operator: string): boolean => PATTERN.test(operator) || /^[=!]~$/.test(operator);

const asText = (given: SqlExpression, operator: string, node: SyntaxNode): SqlExpression =>
  given.type === 'string' || given.type === 'dynamic'
    ? (convert(given, 'string') ?? given)
    : refuse(`${operator} of ${given.type}`, node);

export const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const TERM = String.raw`[^\p{L}\p{N}]`;
const inTerm = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/**
 * Whether a text holds a term, a maximal run of letters and digits. Where the text that is looked for begins or ends
 * with another character, it needs no boundary there.
 */
function holdsTerm(text: string, wanted: string, exact: boolean, edges: { before: boolean; after: boolean }): string {
  if (wanted === '') return 'true';
  const before = edges.before && inTerm([...wanted][0]) ? `(?:^|${TERM})` : '';
  const after = edges.after && inTerm([...wanted].at(-1)) ? `(?:$|${TERM})` : '';
  // The plain search goes first: it is several times faster than the expression and sorts most rows out.
  const search = exact
    ? `contains(${text}, ${quoteText(wanted)})`
    : `contains(lower(${text}), ${quoteText(wanted.toLowerCase())})`;
  if (!before && !after) return search;
  const pattern = quoteText(`${exact ? '' : '(?i)'}${before}${escapePattern(wanted)}${after}`);
  return `(${search} AND regexp_matches(${text}, ${pattern}, 's'))`;
}

const plainFunctions: Readonly<Record<string, string>> = {
  contains: 'contains',
  startswith: 'starts_with',
  endswith: 'suffix',
};

/** `has` and its relatives, with a constant. */
function terms(name: string, text: SqlExpression, wanted: SqlExpression, exact: boolean, node: SyntaxNode): string {
  if (!isConstant(wanted)) refuse(`${name} with a text that is no constant`, node);
  const edges = { before: name !== 'hassuffix', after: name !== 'hasprefix' };
  return holdsTerm(text.sql, String(wanted.constant.value), exact, edges);
}

/** The operators on texts: contains, startswith, endswith, has…, with `!` and `_cs`, and `=~`, `!~`. */
export function textMatch(operator: string, a: SqlExpression, b: SqlExpression, node: SyntaxNode): SqlExpression {
  const [text, wanted] = [asText(a, operator, node), asText(b, operator, node)];
  const lower = (side: SqlExpression) =>
    isConstant(side) ? quoteText(String(side.constant.value).toLowerCase()) : `lower(${side.sql})`;
  if (operator === '=~' || operator === '!~')
    return expression('bool', `(${lower(text)} ${operator === '=~' ? '=' : '<>'} ${lower(wanted)})`);
  const [, not, name = '', cs] = PATTERN.exec(operator) ?? refuse(operator, node);
  const plain = plainFunctions[name];
  const exact = cs !== undefined;
  const found = plain
    ? `${plain}(${exact ? text.sql : lower(text)}, ${exact ? wanted.sql : lower(wanted)})`
    : terms(name, text, wanted, exact, node);
  return expression('bool', not ? `(NOT ${found})` : found);
}

/** A regular expression that both RE2s read: look-around and back references are in neither. */
export function checkedPattern(pattern: SqlExpression, node: SyntaxNode): string {
  if (!isConstant(pattern) || pattern.type !== 'string')
    return refuse('a regular expression that is no constant', node);
  const text = String(pattern.constant.value);
  if (/\(\?(=|!|<=|<!)/.test(text) || /(^|[^\\])(\\\\)*\\[1-9]/.test(text))
    refuse('look-around and back references', node);
  return text;
}

export const matchesRegex = (text: SqlExpression, pattern: SqlExpression, node: SyntaxNode): SqlExpression =>
  expression(
    'bool',
    `regexp_matches(${asText(text, 'matches regex', node).sql}, ${quoteText(checkedPattern(pattern, node))})`,
  );
