import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Fault, shown } from './faults.ts';

const expectations: Record<string, string> = {
  InvalidCommentToken: 'JSON without comments',
  PropertyNameExpected: 'a key in double quotes',
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: 'nothing after the end of the JSON',
  InvalidNumberFormat: 'a number as JSON writes it',
  UnexpectedEndOfNumber: 'a number as JSON writes it',
  UnexpectedEndOfString: 'text that ends with a double quote on its line',
  UnexpectedEndOfComment: 'JSON without comments',
  InvalidUnicode: 'an escape as JSON writes it',
  InvalidEscapeCharacter: 'an escape as JSON writes it',
  InvalidCharacter: 'control characters written as escapes',
};

/**
 * Reads JSON as strictly as `JSON.parse` and says where it is wrong. On top of that a key may stand only once in its
 * object, a key whose value is `null` counts as left out, and a byte order mark is skipped. Never throws.
 */
export function parseJson(source: string, given: string): { value?: unknown; faults: Fault[] } {
  const text = given.replace(/^\uFEFF/, '');
  const faults: Fault[] = [];
  const report = (offset: number, found: string, allowed: string) =>
    faults.push({ source, path: placeOf(text, offset), found, allowed });

  const contentOf = (node: Node): unknown => {
    if (node.type === 'array') return (node.children ?? []).map(contentOf);
    if (node.type !== 'object') return node.value;
    const entries = new Map<string, unknown>();
    const seen = new Set<string>();
    for (const { offset, children: [key, value] = [] } of node.children ?? []) {
      if (!key || !value) continue;
      if (seen.has(key.value)) report(offset, `the key ${shown(key.value)} once more`, 'each key once');
      seen.add(key.value);
      entries.set(key.value, contentOf(value));
    }
    return Object.fromEntries([...entries].filter(([, value]) => value !== null));
  };

  try {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true });
    const [first] = errors;
    if (!first && root) return { value: contentOf(root), faults };
    if (first) report(first.offset, foundAt(text, first), expectedAt(first));
  } catch (error) {
    // The parser calls itself for every bracket, so that only depth can exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    faults.push({ source, path: '', found: 'brackets nested too deeply to read', allowed: 'fewer brackets' });
  }
  return { faults };
}

function expectedAt({ error }: ParseError): string {
  return expectations[printParseErrorCode(error)] ?? 'JSON: text in double quotes, a number, true, false, null, [ or {';
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function foundAt(text: string, { offset, length, error }: ParseError): string {
  const code = printParseErrorCode(error);
  if (code === 'InvalidCommentToken' || code === 'UnexpectedEndOfComment') return 'a comment';
  const rest = text.slice(offset);
  if (rest.trim() === '') return 'the end';
  if (/^[}\]]/.test(rest) && /,\s*$/.test(text.slice(0, offset))) return `a comma before "${rest[0]}"`;
  return shown(text.slice(offset, offset + Math.max(length, 1)), { quoted: false });
}
