import { html } from 'htm/preact';
import { useMemo, useState } from 'preact/hooks';
import type { QueryResult } from '../../api/contract.ts';
import { formatCount, formatDuration } from '../format.ts';
import { conditionFor } from '../kql-layout.ts';
import { Chart } from '../parts/chart.ts';
import { chartLegend } from '../parts/chart-drawing.ts';
import { DataTable, type TableColumn } from '../parts/data-table.ts';
import { icon } from '../parts/icons.ts';
import { empty, segments } from '../parts/notes.ts';
import type { SortValue } from '../parts/sorted-rows.ts';
import { useKeys } from '../parts/use-keys.ts';
import { setParams, to, transactionPath, useAddress } from '../router.ts';
import { chartOf } from './query-chart.ts';

type Row = Record<string, unknown>;
const numbers = new Set(['int', 'long', 'real', 'decimal']);

/** The rows of a query, and their chart where they are figures over time. */
export function ResultCard({
  result,
  note,
  filter,
}: {
  result: QueryResult;
  /** Which result it is, where it is not that of the newest run. */
  note: string;
  filter: (condition: string) => unknown;
}) {
  const { params } = useAddress();
  const [selected, setSelected] = useState<string | undefined>();
  const chart = useMemo(() => chartOf(result), [result]);
  const wanted = params.get('view') ?? 'both';
  const view = chart ? wanted : 'table';
  const rows = useMemo(() => result.rows.map((row, index) => ({ row, key: String(index) })), [result]);
  const open = rows[Number(selected ?? -1)]?.row;
  const views = [
    ['both', 'Chart and table'],
    ['chart', 'Chart'],
    ['table', 'Table'],
  ] as const;
  const { total, ms, read } = result;
  const columns = useMemo(() => columnsOf(result), [result]);
  const [cell, setCell] = useState<string | undefined>();
  const filterByCell = () => {
    const column = result.columns.find(({ name }) => name === cell);
    if (open && column) filter(conditionFor(column.name, column.type, open[column.name]));
  };
  useKeys({ cellFilter: filterByCell });
  return html`<section class="card result" aria-label="Result">
    <header>
      ${chart && segments('View', views, view as 'both', (value) => setParams({ view: value === 'both' ? undefined : value }))}
      <span class="muted">${formatCount(total, true)} rows · ${formatDuration(ms)} · ${formatCount(read, true)} read</span>
      ${note && html`<span class="pill">${note}</span>`}
      ${result.rows.length < total && html`<span class="muted">Showing ${formatCount(result.rows.length, true)}. Add <code>| take</code> or <code>| summarize</code>.</span>`}
      <span class="push row">
        <button class="button quiet" onClick=${() => save('result.csv', csvOf(result))}>CSV</button>
        <button class="button quiet" onClick=${() => save('result.json', JSON.stringify(result.rows, null, 2))}>JSON</button>
      </span>
    </header>
    <div class="result-body">
      ${
        chart &&
        view !== 'table' &&
        html`<div><div class="row" style=${{ padding: '6px 12px 0' }}>${chartLegend(chart.lines)} <span class="muted">${chart.what}</span> ${chart.left > 0 && html`<span class="pale">other (${chart.left})</span>`}</div>
        <${Chart} series=${chart.series} lines=${chart.lines} said="The figures of the table below, over time" format=${formatCount} /></div>`
      }
      ${
        view !== 'chart' &&
        (result.rows.length === 0
          ? html`<${NoRows} result=${result} />`
          : html`<div class="result-rows" data-panel=${String(open !== undefined)}>
              <${DataTable}
                label="Rows"
                columns=${columns}
                cell=${cell}
                onCell=${setCell}
                leastWidth=${leastWidthOf(result)}
                rows=${rows}
                total=${total}
                rowKey=${({ key }: { key: string }) => key}
                selected=${selected}
                onSelect=${({ key }: { key: string }) => setSelected(key)}
              />
              ${open && html`<${RowPanel} row=${open} close=${() => setSelected(undefined)} />`}
            </div>`)
      }
    </div>
    <footer class="muted row">
      Times in UTC, as in Azure
      ${open && cell && html`<button class="button quiet push" onClick=${filterByCell}>${icon('plus', 12)} ${cell} as filter <kbd>Ctrl Shift Space</kbd></button>`}
    </footer>
  </section>`;
}

function NoRows({ result: { empty: why } }: { result: QueryResult }) {
  const { seeLevel, useRange, reason = 'The query answers no row.' } = why ?? {};
  return empty(
    '0 rows',
    reason,
    seeLevel && html`<a class="button" href=${to('/plan', { to: String(seeLevel) })}>See level ${seeLevel}</a>`,
    useRange &&
      html`<button class="button primary" onClick=${() => setParams({ range: useRange })}>Use ${useRange}</button>`,
  );
}

const widthOf = (type: string) =>
  numbers.has(type) ? 96 : type === 'datetime' ? 210 : type === 'bool' ? 64 : type === 'dynamic' ? 220 : 150;
const leastWidthOf = ({ columns }: QueryResult) => columns.reduce((sum, { type }) => sum + widthOf(type) + 12, 12);

function columnsOf({ columns }: QueryResult): TableColumn<{ row: Row }>[] {
  return columns.map(({ name, type }) => ({
    key: name,
    title: name,
    width:
      numbers.has(type) || type === 'bool' || type === 'datetime'
        ? `${widthOf(type)}px`
        : `minmax(${widthOf(type)}px,1fr)`,
    number: numbers.has(type),
    value: ({ row }) => sortValueOf(row[name]),
    cell: ({ row }) => cellOf(name, type, row[name]),
  }));
}

const sortValueOf = (value: unknown): SortValue =>
  value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : textOf(value);

function cellOf(name: string, type: string, value: unknown) {
  if (value === null || value === undefined) return html`<span class="pale">–</span>`;
  if (name === 'OperationId' && value !== '')
    return html`<a class="mono" href=${to(transactionPath(String(value)))}>${value}</a>`;
  if (type === 'datetime' || type === 'dynamic' || type === 'guid')
    return html`<span class="mono">${textOf(value)}</span>`;
  return numbers.has(type) && typeof value === 'number' && !Number.isInteger(value)
    ? String(Math.round(value * 1_000) / 1_000)
    : textOf(value);
}

const textOf = (value: unknown) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

function RowPanel({ row, close }: { row: Row; close: () => void }) {
  useKeys({ close });
  return html`<aside class="details" aria-label="Row">
    <div class="head"><div><h2>Row</h2></div><button class="button icon quiet" aria-label="Close the row" onClick=${close}>${icon('close')}</button></div>
    <div class="body" tabindex="0"><pre>${JSON.stringify(row, null, 2)}</pre></div>
  </aside>`;
}

function csvOf({ columns, rows }: QueryResult): string {
  const quoted = (value: unknown) => {
    const text = value === null || value === undefined ? '' : textOf(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [
    columns.map(({ name }) => quoted(name)),
    ...rows.map((row) => columns.map(({ name }) => quoted(row[name]))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
