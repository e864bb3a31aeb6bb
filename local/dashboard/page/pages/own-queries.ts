import { createStore } from '../store.ts';

export interface OwnQuery {
  name: string;
  query: string;
}

const key = 'queries';

/** The reader's own queries, which this browser keeps. */
export const ownQueries = createStore<readonly OwnQuery[]>(read());

/** Keeps a query under a name; one that had the name before gives way. */
export function saveQuery(saved: OwnQuery): void {
  keep([...ownQueries.get().filter(({ name }) => name !== saved.name), saved]);
}

export function forgetQuery(name: string): void {
  keep(ownQueries.get().filter((each) => each.name !== name));
}

function keep(queries: readonly OwnQuery[]): void {
  const sorted = queries.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  localStorage.setItem(key, JSON.stringify(sorted));
  ownQueries.set(sorted);
}

/** What another version of this page has kept counts as nothing. */
function read(): OwnQuery[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isOwn) : [];
  } catch {
    return [];
  }
}

function isOwn(value: unknown): value is OwnQuery {
  const { name, query } = (value ?? {}) as Partial<Record<keyof OwnQuery, unknown>>;
  return typeof name === 'string' && typeof query === 'string';
}
