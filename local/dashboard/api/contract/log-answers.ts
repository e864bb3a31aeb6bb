import type { TimeRange } from './api-answer.ts';

export type LogSeverity = 'debug' | 'info' | 'warning' | 'error';

export interface LogRow {
  /** Of the row, for keys: rises from row to row. */
  place: string;
  time: string;
  severity: LogSeverity;
  kind: 'log' | 'exception' | 'event';
  message: string;
  operationId?: string;
  role: string;
  properties: Record<string, unknown>;
}

/** `GET logs?range&q&severity&operation&cursor`, newest first. `severity`: at least so bad. */
export interface LogList {
  range: TimeRange;
  rows: LogRow[];
  total: number;
  query: string;
}
