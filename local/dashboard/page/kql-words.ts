import type { TableSchema } from '../api/contract.ts';

export type KqlWord = 'table' | 'column' | 'operator' | 'function' | 'string' | 'number' | 'comment' | 'other';

const operators = new Set(
  (
    'where project extend summarize by take limit top sort order distinct count join kind on union render let asc desc nulls first last ' +
    'project-away project-keep project-rename project-reorder mv-expand mv-apply parse parse-where make-series from to step default ' +
    'and or not in has has_any has_all hasprefix contains startswith endswith between matches regex invoke evaluate lookup search as serialize ' +
    'datatable print range sample facet of with'
  ).split(' '),
);

/** Operators that are written before a bracket without being functions. */
const beforeBrackets = new Set(['in', 'has_any', 'has_all', 'and', 'or', 'between', 'by', 'on', 'union', 'where']);

const patterns: readonly (readonly [RegExp, KqlWord])[] = [
  [/^\/\/.*/, 'comment'],
  [/^@"(?:[^"]|"")*"?|^@'(?:[^']|'')*'?|^h?"(?:[^"\\]|\\.)*"?|^h?'(?:[^'\\]|\\.)*'?/, 'string'],
  [/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:ms|microseconds?|ticks?|[dhms])?\b/, 'number'],
  [/^(?:true|false|null)\b/, 'number'],
];

/** Names that a schema gives their colour. */
export interface KqlNames {
  tables: ReadonlySet<string>;
  columns: ReadonlySet<string>;
}

export const namesOf = (schema: TableSchema | undefined): KqlNames => ({
  tables: new Set(schema?.tables.map(({ name }) => name)),
  columns: new Set(schema?.tables.flatMap(({ columns }) => columns.map(({ name }) => name))),
});

/** What the beginning of a text is, and how long it is. Blanks are `other`; at least one character is taken. */
export function nextWord(text: string, { tables, columns }: KqlNames): { length: number; word: KqlWord } {
  for (const [pattern, word] of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found) return { length: found.length, word };
  }
  const name = /^[A-Za-z_$][\w$]*(?:-[a-z]+)*/.exec(text)?.[0];
  if (!name) return { length: 1, word: 'other' };
  const short = /^[\w$]+/.exec(name)?.[0] ?? name;
  if (text[short.length] === '(' && !beforeBrackets.has(short)) return { length: short.length, word: 'function' };
  // A hyphen belongs to operators alone: elsewhere it is a minus.
  for (const each of [name, short]) if (operators.has(each)) return { length: each.length, word: 'operator' };
  if (tables.has(short)) return { length: short.length, word: 'table' };
  return { length: short.length, word: columns.has(short) ? 'column' : 'other' };
}
