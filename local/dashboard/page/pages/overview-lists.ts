import { html } from 'htm/preact';
import type { Overview, TransactionRow } from '../../api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatTime } from '../format.ts';
import { queryLink } from '../parts/notes.ts';
import { outcomeMark, status } from '../parts/status.ts';
import { to, transactionPath } from '../router.ts';

const words: Readonly<Record<TransactionRow['outcome']['kind'], string>> = {
  'dead-lettered': 'Dead-lettered',
  rejected: 'Rejected',
  failed: 'Failed',
  waiting: 'Waiting',
  delivered: 'Delivered',
  answered: 'Answered',
};

/** The newest that failed, each with the way to its story. */
export function Attention({ overview: { attention, attentionQuery }, range }: { overview: Overview; range: string }) {
  return html`<section class="card" aria-label="Needs attention">
    <header>
      <h2>Needs attention</h2>
      <span class="muted">last ${range}</span>
      <span class="push row">${queryLink(attentionQuery)} <a href=${to('/transactions', { outcome: 'failed' })}>All failures</a></span>
    </header>
    ${attention.length === 0 && html`<div class="body">${status('ok', 'Nothing failed.')}</div>`}
    ${attention.map(
      ({ operationId, started, outcome, file, name, durationMs }) => html`<a
        key=${operationId}
        class="attention"
        href=${to(transactionPath(operationId))}
      >
        <span class="mono muted time" title=${started}>${formatTime(started)}</span>
        ${status(outcomeMark(outcome), words[outcome.kind])}
        <span class="cut">${file ?? name}</span>
        <span class="chip cut">${outcome.code ?? outcome.destination ?? ''}</span>
        <span class="number muted">${formatDuration(durationMs)}</span>
      </a>`,
    )}
  </section>`;
}

/** What telling costs, by table. */
export function TelemetryByTable({ telemetry }: { telemetry: Overview['telemetry'] }) {
  const total = telemetry.tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = Math.max(...telemetry.tables.map(({ bytes }) => bytes), 1);
  return html`<section class="card" aria-label="Telemetry by table">
    <header><h2>Telemetry by table</h2><span class="push">${queryLink(telemetry.query)}</span></header>
    <div style=${{ padding: '8px 0' }}>
      ${telemetry.tables.map(
        ({ table, rows, bytes }) => html`<div class="meter" title="${formatCount(rows, true)} rows">
          <span class="cut">${table}</span>
          <i><b style=${{ width: `${(bytes / most) * 100}%` }} /></i>
          <span class="number">${formatBytes(bytes)}</span>
          <span class="number muted">${formatPercent(total > 0 ? bytes / total : 0)}</span>
        </div>`,
      )}
      <div class="meter pale">
        <span style=${{ gridColumn: '1 / -1' }}>${formatCount(telemetry.rowsKept, true)} rows kept, ${formatCount(telemetry.rowsDropped, true)} dropped</span>
      </div>
    </div>
  </section>`;
}
