import { nextWord } from './kql-words.ts';

const noNames = { tables: new Set<string>(), columns: new Set<string>() };
const WIDEST = 100;
const INDENT = '    ';

interface Token {
  text: string;
  start: number;
  kind: 'blank' | 'comment' | 'other';
  /** How many brackets are open around it. */
  depth: number;
}

function* tokensOf(query: string): Generator<Token> {
  let depth = 0;
  for (let start = 0; start < query.length; ) {
    const blank = /^\s+/.exec(query.slice(start))?.[0];
    const { length, word } = blank ? { length: blank.length, word: 'other' } : nextWord(query.slice(start), noNames);
    const text = query.slice(start, start + length);
    if (/^[)\]}]$/.test(text)) depth = Math.max(0, depth - 1);
    yield { text, start, kind: blank ? 'blank' : word === 'comment' ? 'comment' : 'other', depth };
    if (/^[([{]$/.test(text)) depth += 1;
    start += length;
  }
}

/**
 * The query laid out anew: one pipe a line, single blanks, a statement and a comment on lines of their own. What is too long
 * for a line is broken after its commas. Nothing but blanks changes.
 */
export function layOutKql(query: string): string {
  const lines: string[] = [];
  let line = '';
  const end = (more = '') => {
    const text = line.trim() + more;
    if (text !== '') lines.push(...broken(text));
    line = '';
  };
  for (const { text, kind, depth } of tokensOf(query)) {
    if (kind === 'comment') {
      // What follows a comment stands on the next line, as it did.
      const isBehind = line.trim() !== '';
      end(isBehind ? ` ${text.trimEnd()}` : text.trimEnd());
      if (isBehind) line = INDENT;
    } else if (kind === 'blank') line += line.trim() === '' || line.endsWith(' ') ? '' : ' ';
    else if (text === '|' && depth === 0) {
      end();
      line = '| ';
    } else if (text === ';' && depth === 0) end(';');
    else line += text;
  }
  end();
  return `${lines.join('\n')}\n`;
}

/** A line that is too long, in pieces that end with the commas between its parts. */
function broken(line: string): string[] {
  if (line.length <= WIDEST || /^\/\//.test(line)) return [line];
  const pieces = [''];
  for (const { text, kind, depth } of tokensOf(line)) {
    pieces[pieces.length - 1] += text;
    if (kind === 'other' && text === ',' && depth === 0) pieces.push('');
  }
  return pieces.map((piece, index) => (index === 0 ? piece.trimEnd() : INDENT + piece.trim()));
}

/** The query with one more condition: at its end, but before `render`, which must stay last. */
export function withCondition(query: string, condition: string): string {
  const pipes = [...tokensOf(query)].filter(({ text, depth }) => text === '|' && depth === 0);
  const last = pipes.at(-1)?.start ?? query.length;
  const at = /^\|\s*render\b/.test(query.slice(last)) ? last : query.length;
  const before = query.slice(0, at).trimEnd();
  const after = query.slice(at).trim();
  return `${before}\n| where ${condition}\n${after && `${after}\n`}`;
}

/** KQL that holds for the rows with a value in a column. */
export function conditionFor(column: string, type: string, value: unknown): string {
  const name = /^[A-Za-z_]\w*$/.test(column) ? column : `[${JSON.stringify(column)}]`;
  if (value === null || value === undefined) return `${type === 'string' ? 'isempty' : 'isnull'}(${name})`;
  if (type === 'dynamic')
    return `tostring(${name}) == ${JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value))}`;
  if (type === 'datetime' || type === 'timespan' || type === 'guid') return `${name} == ${type}(${value})`;
  return `${name} == ${type === 'string' ? JSON.stringify(value) : value}`;
}
