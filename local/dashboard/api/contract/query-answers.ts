import type { ApiProblem } from './api-answer.ts';

/** `POST query` */
export interface QueryBody {
  query: string;
  /** As in an address, such as `15m`. Ignored by a query that names `TimeGenerated` itself. */
  range?: string;
}

/** A long beyond 2^53 is text. */
export interface QueryResult {
  columns: { name: string; type: string }[];
  /** At most 10,000. */
  rows: Record<string, unknown>[];
  total: number;
  ms: number;
  /** Rows that the tables of the query hold. */
  read: number;
  /** Whose range rules. */
  timeSetIn: 'query' | 'range';
  /** As it ran, and so what `npm run kql` would be given. */
  query: string;
  /** Why there may be no row, in a sentence, when there is none. */
  empty?: { reason: string; seeLevel?: number; useRange?: string };
}

export interface QueryFault {
  code: string;
  message: string;
  /** Offsets in UTF-16 units. */
  start: number;
  length: number;
  /** What to put there instead. */
  suggestion?: string;
  /** Azure runs it, the translation does not. */
  unsupported: boolean;
}

/** A query that cannot run is answered with 422. */
export interface QueryProblem extends ApiProblem {
  fault: QueryFault;
}

/** `POST query/check` with `{query}` */
export interface QueryCheck {
  faults: QueryFault[];
}

/** `POST query/complete` */
export interface CompletionBody {
  query: string;
  position: number;
}

export interface Completions {
  /** What an item replaces. */
  start: number;
  length: number;
  items: {
    label: string;
    kind: 'table' | 'column' | 'function' | 'operator' | 'keyword' | 'other';
    before: string;
    after: string;
  }[];
}

/** `GET schema` */
export interface TableSchema {
  tables: {
    name: string;
    rows: number;
    newest: string | null;
    /** From which level on it gets rows; absent where every level fills it, or none. */
    fromLevel?: number;
    columns: { name: string; type: string }[];
  }[];
}

/** `GET queries`: the repository's own, with its settings filled in. */
export interface SavedQueries {
  queries: {
    name: string;
    title: string;
    question: string;
    kind: 'dashboard' | 'alert';
    chart: string;
    /** From which level on its rows come. */
    level: number;
    file: string;
    query: string;
  }[];
}
