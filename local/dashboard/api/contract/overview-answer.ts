import type { TimeRange, TimeSeries } from './api-answer.ts';
import type { RunState } from './run-answers.ts';
import type { TransactionRow } from './transaction-answers.ts';

/** `GET overview?range` */
export interface Overview {
  range: TimeRange;
  run: RunState;
  requests: {
    count: number;
    failed: number;
    perSecond: number;
    p50: number | null;
    p95: number | null;
    p99: number | null;
    query: string;
    /** `ok`, `failed`, `p50`, `p95`, `p99` */
    series: TimeSeries;
    seriesQuery: string;
  };
  queues: {
    active: number;
    scheduled: number;
    deadLettered: number;
    /** Of the oldest message that waits, milliseconds. */
    oldestMs: number | null;
    /** Dead letters that came in the range. */
    deadLetteredInRange: number;
    /** `active`, `deadLettered` */
    series: TimeSeries;
  };
  telemetry: {
    /** Largest first. */
    tables: { table: string; rows: number; bytes: number }[];
    bytesPerHour: number;
    gbPerMonth: number;
    /** Beyond the free amount. */
    pricePerMonth: number;
    currency: string;
    rowsKept: number;
    rowsDropped: number;
    query: string;
    /** `bytes` */
    series: TimeSeries;
    seriesQuery: string;
  };
  /** The newest 8 that failed or were dead-lettered. */
  attention: TransactionRow[];
  attentionQuery: string;
}
