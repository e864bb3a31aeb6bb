import type { TimeRange, TimeSeries } from './api-answer.ts';

export type OutcomeKind = 'delivered' | 'answered' | 'waiting' | 'dead-lettered' | 'rejected' | 'failed';

export interface TransactionOutcome {
  kind: OutcomeKind;
  /** The host and first part of the path of the last call out of a worker, or the queue. */
  destination?: string;
  /** The status of the answer, or the reason of a dead letter. */
  code?: string;
}

export interface TransactionRow {
  operationId: string;
  started: string;
  /** Of the request, such as `POST /parcels`, or of what began it. */
  name: string;
  /** The name of the file, where the page has sent it: telemetry holds no names. */
  file?: string;
  messageId?: string;
  correlationId?: string;
  outcome: TransactionOutcome;
  attempts: number;
  queuedMs: number | null;
  durationMs: number;
  items: number;
}

/**
 * `GET transactions?range&q&outcome&destination&min&sort&cursor`. `q`: a file name, or any id, whole or its beginning. `outcome`:
 * `failed` (failed, rejected or dead-lettered), `retried`, `waiting`, `slow` (over a second of work), or an `OutcomeKind`.
 * `min`: milliseconds. `sort=-duration` (also `started`, `outcome`, `attempts`; `-`: the largest first) answers the first 200 and
 * no `next`.
 */
export interface TransactionList {
  range: TimeRange;
  rows: TransactionRow[];
  /** Of the range, with the filters, and without them. */
  total: number;
  unfiltered: number;
  sampling: number;
  query: string;
}

/** `GET transactions/histogram?` with the same parameters: `ok`, `failed`. */
export interface TransactionHistogram {
  range: TimeRange;
  series: TimeSeries;
  query: string;
}

/** Where something happens. A wait has none of its own. */
export type Place = 'api' | 'service-bus' | 'queue' | 'worker' | 'destination' | 'other';
export type TransactionItemKind = 'request' | 'call' | 'wait' | 'log' | 'exception' | 'event';

export interface StoryStep {
  kind: 'accepted' | 'attempt' | 'put-aside' | 'dead-lettered' | 'replayed' | 'delivered' | 'waiting' | 'answered';
  /** `Accepted`, `Attempt 2`, `Delivered to documents` … */
  label: string;
  /** `202 · 12 ms`, the reason, who replayed. */
  detail: string;
  ok: boolean;
  time: string;
  ms?: number;
  /** From the end of the step before; absent where nothing lies between. */
  gapMs?: number;
  /** The item that it was read from. */
  item?: string;
}

export interface TransactionItem {
  id: string;
  /** The item that caused it; absent at the left edge. */
  parent?: string;
  place: Place;
  kind: TransactionItemKind;
  name: string;
  start: string;
  /** Milliseconds with fractions; absent for what has no length. */
  ms?: number;
  ok: boolean;
  code?: string;
  /** In words, why it failed or what followed. */
  cause?: string;
  attempt?: number;
  table?: string;
  /** As it is stored. */
  row?: Record<string, unknown>;
}

/** `GET transactions/:operationId`; any other id of the transaction finds it too. What the page has sent is answered before its rows
 * have come, without items. 404 when nothing has that id. */
export interface Transaction {
  facts: {
    operationId: string;
    /** All of them: level 1 keeps the worker's part apart. */
    operationIds: string[];
    name: string;
    file?: string;
    messageId?: string;
    correlationId?: string;
    outcome: TransactionOutcome;
    started: string;
    totalMs: number;
    workingMs: number;
    waitingMs: number;
    /** How long it lay in a dead-letter queue. */
    deadLetteredMs: number | null;
    attempts: number;
    replays: number;
    /** The level of the run now. */
    level: number;
  };
  story: StoryStep[];
  /** Oldest first. */
  items: TransactionItem[];
  query: string;
}
