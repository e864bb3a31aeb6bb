import { closest } from 'fastest-levenshtein';

const commentOrText = /\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const text = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
const textsIn = (list: string) => [...list.matchAll(text)].map(([, double, single]) => double ?? single ?? '');

/** What a query compares the name of an event with: whole names, and beginnings of names. */
function askedFor(query: string): { names: string[]; beginnings: string[] } {
  const code = query.replaceAll(commentOrText, (part) => (part.startsWith('//') ? '' : part));
  // Requests and dependencies have a `Name` too, so that only statements on AppEvents count.
  const statements = code.split(/;\s*\n/).filter((statement) => /\bAppEvents\b/.test(statement));
  const compared = (pattern: RegExp) =>
    statements.flatMap((statement) => [...statement.matchAll(pattern)].flatMap(([, list = '']) => textsIn(list)));
  return {
    names: [
      ...compared(/(?<![.\w])Name\s*(?:==|=~)\s*("[^"\n]*"|'[^'\n]*')/g),
      ...compared(/(?<![.\w])Name\s+in~?\s*\(([^)]*)\)/g),
    ],
    beginnings: compared(/(?<![.\w])Name\s+startswith(?:_cs)?\s+("[^"\n]*"|'[^'\n]*')/g),
  };
}

/**
 * Which events a query waits for in vain, because none of `events` has such a name: one sentence each. `file` is what the
 * sentences call the query.
 */
export function eventNameFaults(file: string, query: string, events: readonly string[]): string[] {
  const { names, beginnings } = askedFor(query);
  const nearest = (name: string) =>
    events.length > 0 ? ` Did you mean "${closest(name, [...events])}"?` : ' None is declared.';
  const unknown = new Set(names.filter((name) => !events.includes(name)));
  const empty = new Set(beginnings.filter((start) => !events.some((event) => event.startsWith(start))));
  return [
    ...[...unknown].map(
      (name) =>
        `${file}: no module and no business declares the event "${name}", so that it never sees one.${nearest(name)}`,
    ),
    ...[...empty].map(
      (start) => `${file}: no module and no business declares an event that begins with "${start}".${nearest(start)}`,
    ),
  ];
}
