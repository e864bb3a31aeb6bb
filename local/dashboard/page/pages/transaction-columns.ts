import { html } from 'htm/preact';
import type { TransactionRow } from '../../api/contract.ts';
import { formatDuration, formatTime, shortId } from '../format.ts';
import type { TableColumn } from '../parts/data-table.ts';
import { mark, outcomeMark, outcomeStatus, outcomeWords } from '../parts/status.ts';

const SHORTEST_MS = 1;
const LONGEST_MS = 600_000;

/** The share of a bar from 1 ms to 10 minutes, where ten times as long is the same step more. */
const logShare = (ms: number) =>
  Math.min(1, Math.max(0.01, Math.log(Math.max(ms, SHORTEST_MS)) / Math.log(LONGEST_MS / SHORTEST_MS)));

/** One line a transaction. */
export const wideColumns: readonly TableColumn<TransactionRow>[] = [
  {
    key: 'started',
    title: 'Started',
    width: '96px',
    number: false,
    value: ({ started }) => started,
    cell: ({ started }) => html`<span class="mono muted" title=${started}>${formatTime(started)}</span>`,
  },
  { key: 'file', title: 'File or request', width: 'minmax(0,1.3fr)', cell: ({ file, name }) => file ?? name },
  {
    key: 'outcome',
    title: 'Outcome',
    width: 'minmax(0,1.2fr)',
    value: ({ outcome }) => outcome.kind,
    cell: ({ outcome }) => outcomeStatus(outcome),
  },
  {
    key: 'attempts',
    title: 'Attempts',
    width: '70px',
    number: true,
    value: ({ attempts }) => attempts,
    cell: ({ attempts }) => attempts || '–',
  },
  {
    key: 'queued',
    title: 'In queue',
    width: '80px',
    number: true,
    cell: ({ queuedMs }) => (queuedMs === null ? '–' : formatDuration(queuedMs)),
  },
  {
    key: 'duration',
    title: 'Duration',
    width: '150px',
    value: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) =>
      html`<span class="log-bar"><span class="number">${formatDuration(durationMs)}</span><i style=${{ width: `${logShare(durationMs) * 100}%` }} /></span>`,
  },
  { key: 'items', title: 'Items', width: '52px', number: true, cell: ({ items }) => items },
  {
    key: 'correlation',
    title: 'Correlation',
    width: '84px',
    cell: ({ correlationId = '' }) => html`<span class="mono muted">${shortId(correlationId)}</span>`,
  },
];

/** Two lines a transaction, on a phone. */
export const narrowTransactionColumns: readonly TableColumn<TransactionRow>[] = [
  {
    key: 'file',
    title: 'Transaction',
    width: 'minmax(0,1fr)',
    cell: ({
      file,
      name,
      outcome,
      started,
      attempts,
    }) => html`<div class="cut">${mark(outcomeMark(outcome))} ${file ?? name}</div>
      <div class="cut muted">${formatTime(started, { milliseconds: false })} · ${outcomeWords(outcome)}${attempts > 1 ? ` · ${attempts} attempts` : ''}</div>`,
  },
  {
    key: 'duration',
    title: 'Duration',
    width: '78px',
    number: true,
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
];
