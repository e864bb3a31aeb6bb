import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { LogList, LogRow, LogSeverity } from '../../api/contract.ts';
import { formatCount, formatTime, shortId } from '../format.ts';
import { DataTable, isNarrow, type TableColumn } from '../parts/data-table.ts';
import { icon } from '../parts/icons.ts';
import { empty, problemBox, queryLink, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { type Mark, status } from '../parts/status.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { setParams, to, transactionPath, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import { SendSamples } from './send-samples.ts';

const severities = [
  ['', 'All'],
  ['info', 'Info'],
  ['warning', 'Warnings'],
  ['error', 'Errors'],
] as const;
const marks: Readonly<Record<LogSeverity, Mark>> = { debug: 'off', info: 'log', warning: 'warning', error: 'failed' };

const fields = ({ properties }: LogRow) =>
  Object.entries(properties)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' · ');

const columns: readonly TableColumn<LogRow>[] = [
  {
    key: 'time',
    title: 'Time',
    width: '96px',
    cell: ({ time }) => html`<span class="mono muted" title=${time}>${formatTime(time)}</span>`,
  },
  {
    key: 'severity',
    title: 'Severity',
    width: '92px',
    cell: ({ severity, kind }) =>
      status(kind === 'event' ? 'event' : marks[severity], kind === 'event' ? 'event' : severity),
  },
  { key: 'message', title: 'Message', width: 'minmax(0,1.2fr)', cell: ({ message }) => message },
  {
    key: 'fields',
    title: 'Fields',
    width: 'minmax(0,1fr)',
    cell: (row) => html`<span class="muted">${fields(row)}</span>`,
  },
  {
    key: 'operation',
    title: 'Transaction',
    width: '90px',
    cell: ({ operationId }) =>
      operationId && html`<a class="mono" href=${to(transactionPath(operationId))}>${shortId(operationId)}</a>`,
  },
];

const narrowColumns: readonly TableColumn<LogRow>[] = [
  {
    key: 'message',
    title: 'Line',
    width: 'minmax(0,1fr)',
    cell: ({ severity, kind, message, time }) =>
      html`<div class="cut">${status(kind === 'event' ? 'event' : marks[severity], message)}</div><div class="cut muted">${formatTime(time)} · ${kind === 'event' ? 'event' : severity}</div>`,
  },
];

/** Log lines, exceptions and events as they come in, newest first. A chosen line stays where it is. */
export function LogsPage() {
  const { params, search } = useAddress();
  const [selected, setSelected] = useState<LogRow | undefined>();
  const filter = rangeOf(search);
  for (const name of ['q', 'severity', 'operation']) if (params.get(name)) filter.set(name, params.get(name) as string);
  const { data, problem } = useResource<LogList>(`logs?${filter}`, ['rows']);
  const severity = params.get('severity') ?? '';
  const setSeverity = (value: string) => setParams({ severity: value });
  useKeys({ failed: () => setSeverity(severity === 'error' ? '' : 'error') });
  const narrow = isNarrow();
  return html`<${Shell} title="Logs" filled>
    <section class="card" aria-label="Filters">
      <header style=${{ borderBottom: 0 }}>
        <${FindInput} />
        ${segments('Severity', severities, severity, setSeverity)}
        ${params.get('operation') && html`<button class="button" onClick=${() => setParams({ operation: undefined })}>operation <b>${shortId(params.get('operation') ?? '')}</b> ×</button>`}
        <span class="push row">${data && html`<span class="muted">${formatCount(data.total, true)} lines</span> ${queryLink(data.query, 'Open as query')}`}</span>
      </header>
    </section>
    <section class="card logs" aria-label="Log lines" data-panel=${String(selected !== undefined)}>
      ${
        problem && !data
          ? problemBox(problem)
          : !data
            ? skeleton(12)
            : data.rows.length === 0
              ? html`<${Nothing} filtered=${filter.has('q') || filter.has('severity')} />`
              : html`<${DataTable}
                  label="Log lines"
                  columns=${narrow ? narrowColumns : columns}
                  rowHeight=${narrow ? 56 : 28}
                  rows=${data.rows}
                  total=${data.total}
                  rowKey=${({ place }: LogRow) => place}
                  selected=${selected?.place}
                  onSelect=${setSelected}
                />`
      }
      ${selected && html`<${Line} row=${selected} close=${() => setSelected(undefined)} />`}
    </section>
  <//>`;
}

const TYPED_MS = 250;

function FindInput() {
  const { params } = useAddress();
  const [text, setText] = useState(params.get('q') ?? '');
  useEffect(() => {
    if (text === (params.get('q') ?? '')) return;
    const timer = setTimeout(() => setParams({ q: text }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<input class="input" type="search" aria-label="Find in logs" placeholder="Find in logs" value=${text} onInput=${(event: InputEvent) => setText((event.target as HTMLInputElement).value)} />`;
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { search } = useAddress();
  if (filtered) {
    const clear = () => setParams({ q: undefined, severity: undefined, operation: undefined });
    return empty(
      'Nothing matches',
      'No line in this range passes the filters.',
      html`<button class="button primary" onClick=${clear}>Clear filters</button>`,
    );
  }
  return empty(
    `No log lines in the last ${rangeLabel(search)}`,
    'The service writes them as it works.',
    html`<${SendSamples} />`,
  );
}

function Line({ row, close }: { row: LogRow; close: () => void }) {
  useKeys({ close });
  const { operationId, properties, message, time, role } = row;
  return html`<aside class="details" aria-label="Line">
    <div class="head"><div><h2>${message}</h2><span class="muted">${formatTime(time)} · ${role}</span></div>
      <button class="button icon quiet" aria-label="Close the line" onClick=${close}>${icon('close')}</button></div>
    <div class="body" tabindex="0">
      <dl class="pairs">${Object.entries(properties).map(([name, value]) => html`<dt class="cut" title=${name}>${name}</dt><dd class="mono">${typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>`)}</dl>
      ${
        operationId &&
        html`<div class="row">
          <a class="button" href=${to(transactionPath(operationId))}>Open transaction</a>
          <button class="button" onClick=${() => setParams({ operation: operationId })}>Its lines only</button>
        </div>`
      }
    </div>
  </aside>`;
}
