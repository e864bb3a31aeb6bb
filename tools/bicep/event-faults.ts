import { closest } from 'fastest-levenshtein';
import type { EventDefinition } from '../../src/observability/events.ts';
import { isMeasured } from '../generate/signals-page.ts';

const commentOrText = /\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const text = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
const textsIn = (list: string) => [...list.matchAll(text)].map(([, double, single]) => double ?? single ?? '');

/** The module `correlation` adds it to every row. */
const addedProperties = ['correlationId'];

/** The parts of a query that read events; `alone` when a part reads no other table, whose rows have properties too. */
function partsOnEvents(query: string): { code: string; alone: boolean }[] {
  const code = query.replaceAll(commentOrText, (part) => (part.startsWith('//') ? '' : part));
  const readsOthers = (part: string) => /\bApp(?!Events\b)[A-Z]\w+\s*(?:$|[|,;)\n])/.test(part);
  // Requests and dependencies have a `Name` too, so that only statements on AppEvents count where others are read.
  const parts = readsOthers(code) ? code.split(/;\s*\n/) : [code];
  return parts.filter((part) => /\bAppEvents\b/.test(part)).map((part) => ({ code: part, alone: !readsOthers(part) }));
}

/** What a query compares the name of an event with: whole names, and beginnings of names. */
function namesIn(code: string): { names: string[]; beginnings: string[] } {
  const compared = (pattern: RegExp) => [...code.matchAll(pattern)].flatMap(([, list = '']) => textsIn(list));
  return {
    names: [
      ...compared(/(?<![.\w])Name\s*(?:==|=~)\s*("[^"\n]*"|'[^'\n]*')/g),
      ...compared(/(?<![.\w])Name\s+in~?\s*\(([^)]*)\)/g),
    ],
    beginnings: compared(/(?<![.\w])Name\s+startswith(?:_cs)?\s+("[^"\n]*"|'[^'\n]*')/g),
  };
}

/**
 * What a query waits for in vain, one sentence each: an event that none of `events` is, or a property or measurement that
 * none of those that it names declares. `file` is what the sentences call the query.
 */
export function eventFaults(file: string, query: string, events: readonly EventDefinition[]): string[] {
  const all = events.map(({ name }) => name);
  const faults = partsOnEvents(query).flatMap(({ code, alone }) => {
    const { names, beginnings } = namesIn(code);
    const none = names.length + beginnings.length === 0;
    const asked = ({ name }: EventDefinition) =>
      none || names.includes(name) || beginnings.some((start) => name.startsWith(start));
    return [
      ...names
        .filter((name) => !all.includes(name))
        .map(
          (name) =>
            `no module and no business declares the event "${name}", so that it never sees one.${near(name, all)}`,
        ),
      ...beginnings
        .filter((start) => !all.some((event) => event.startsWith(start)))
        .map((start) => `no module and no business declares an event that begins with "${start}".${near(start, all)}`),
      ...(alone ? fieldFaults(code, events.filter(asked)) : []),
    ];
  });
  return [...new Set(faults)].map((fault) => `${file}: ${fault}`);
}

function near(name: string, all: readonly string[]): string {
  return all.length > 0 ? ` Did you mean "${closest(name, [...all])}"?` : ' None is declared.';
}

/** The fields that a query reads and that none of the events has; nothing without events, because then these are the fault. */
function fieldFaults(code: string, events: readonly EventDefinition[]): string[] {
  if (events.length === 0) return [];
  const fields = events.flatMap(({ fields }) => Object.entries(fields));
  const named = (measured: boolean) => fields.filter(([, kind]) => isMeasured(kind) === measured).map(([name]) => name);
  const columns = { Properties: [...named(false), ...addedProperties], Measurements: named(true) };
  const read = code.matchAll(/(?<![.\w])(Properties|Measurements)\s*(?:\.\s*(\w+)|\[\s*("[^"\n]*"|'[^'\n]*')\s*\])/g);
  return [...read].flatMap(([, column = '', name = '', quoted = '']) => {
    const [field = name] = textsIn(quoted);
    const [here, other] =
      column === 'Properties' ? (['Properties', 'Measurements'] as const) : (['Measurements', 'Properties'] as const);
    if (columns[here].includes(field)) return [];
    const where = `${column}.${field}`;
    if (columns[other].includes(field)) return [`"${where}" is always empty: write ${other}.${field}.`];
    const one =
      events.length === 1 ? `the event "${events[0]?.name}" does not declare` : 'no event that it reads declares';
    return [`${one} "${field}", so that "${where}" is always empty.${near(field, columns[here])}`];
  });
}
