import { html } from 'htm/preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TransactionHistogram, TransactionList, TransactionRow } from '../../api/contract.ts';
import { formatCount, formatTime } from '../format.ts';
import { DataTable, isNarrow } from '../parts/data-table.ts';
import { empty, problemBox, queryLink, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { go, setParams, to, transactionPath, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import { type HeldRows, useHeldRows } from './held-rows.ts';
import { SendSamples } from './send-samples.ts';
import { narrowTransactionColumns, wideColumns } from './transaction-columns.ts';

const outcomes = [
  ['', 'All'],
  ['failed', 'Failed'],
  ['retried', 'Retried'],
  ['waiting', 'Waiting'],
  ['slow', 'Slow'],
] as const;
/** The parameters of an address that the server filters by. */
function filterOf(params: URLSearchParams, search: string): string {
  const filter = rangeOf(search);
  for (const name of ['q', 'outcome', 'destination', 'min']) {
    const value = params.get(name);
    if (value) filter.set(name, value);
  }
  return filter.toString();
}

/** One row a transaction. New ones wait while the list is read. */
export function TransactionsPage() {
  const { params, search } = useAddress();
  const filter = filterOf(params, search);
  const list = useResource<TransactionList>(`transactions?${filter}`, ['rows']);
  const shown = useHeldRows(list.data, filter, list.next);
  const outcome = params.get('outcome') ?? '';
  const setOutcome = (value: string) => setParams({ outcome: value });
  useKeys({ failed: () => setOutcome(outcome === 'failed' ? '' : 'failed') });
  useExactId(list.data, params.get('q'));
  return html`<${Shell} title="Transactions" filled>
    <section class="card" aria-label="Filters">
      <header style=${{ borderBottom: 0 }}>
        ${segments('Outcome', outcomes, outcome, setOutcome)}
        <${FilterChips} params=${params} />
        <span class="push row">
          ${list.data && html`<span class="muted">${formatCount(list.data.total, true)} of ${formatCount(list.data.unfiltered, true)} · sampled at ${list.data.sampling} %</span> ${queryLink(list.data.query, 'Open as query')}`}
        </span>
      </header>
      <${Histogram} filter=${filter} />
    </section>
    <section class="card" style=${{ minHeight: '320px', overflow: 'hidden', position: 'relative' }} aria-label="Transactions">
      ${list.problem && !list.data ? problemBox(list.problem) : !list.data ? skeleton(12) : list.data.total === 0 ? html`<${Nothing} list=${list.data} />` : html`<${Rows} shown=${shown} total=${list.data.total} />`}
    </section>
  <//>`;
}

function FilterChips({ params }: { params: URLSearchParams }) {
  const chips = [
    ['q', 'contains'],
    ['destination', 'to'],
    ['min', 'at least, ms:'],
  ] as const;
  return chips.map(([name, word]) => {
    const value = params.get(name);
    return (
      value &&
      html`<button class="button" aria-label="Remove filter ${word} ${value}" onClick=${() => setParams({ [name]: undefined })}>${word} <b class="cut" style=${{ maxWidth: '180px' }}>${value}</b> ×</button>`
    );
  });
}

function Rows({ shown, total }: { shown: HeldRows; total: number }) {
  const [selected, setSelected] = useState<string | undefined>();
  const narrow = isNarrow();
  return html`<div
    style=${{ height: '100%' }}
    onMouseEnter=${() => shown.hold(true)}
    onMouseLeave=${() => shown.hold(false)}
    onFocusIn=${() => shown.hold(true)}
    onFocusOut=${() => shown.hold(false)}
  >
    ${shown.waiting > 0 && html`<button class="button primary new-rows" onClick=${shown.release}>↑ ${formatCount(shown.waiting)} new</button>`}
    <${DataTable}
      label="Transactions"
      columns=${narrow ? narrowTransactionColumns : wideColumns}
      rowHeight=${narrow ? 56 : 32}
      rows=${shown.rows}
      total=${total}
      rowKey=${(row: TransactionRow) => row.operationId}
      selected=${selected}
      onSelect=${(row: TransactionRow) => setSelected(row.operationId)}
      onOpen=${(row: TransactionRow) => go(to(transactionPath(row.operationId)))}
      onEnd=${shown.more}
    />
  </div>`;
}

/** Who searches for one whole id wants to see what it names. */
function useExactId(list: TransactionList | undefined, q: string | null): void {
  const [only, more] = list?.rows ?? [];
  const found =
    only && !more && q && [only.operationId, only.correlationId, only.messageId].includes(q)
      ? only.operationId
      : undefined;
  useEffect(() => {
    if (found) go(to(transactionPath(found)), { replace: true });
  }, [found]);
}

function Histogram({ filter }: { filter: string }) {
  const { data } = useResource<TransactionHistogram>(`transactions/histogram?${filter}`, ['rows']);
  const bars = useMemo(() => {
    const { ok = [], failed = [] } = data?.series.values ?? {};
    return ok.map((value, index) => ({ ok: value ?? 0, failed: failed[index] ?? 0 }));
  }, [data]);
  const most = Math.max(1, ...bars.map((bar) => bar.ok + bar.failed));
  const choose = (index: number) => {
    const from = data?.series.times[index];
    if (!data || !from) return;
    setParams(
      { from, to: new Date(Date.parse(from) + data.series.step).toISOString(), range: undefined },
      { push: true },
    );
  };
  const share = (value: number) => ({ height: `${(value / most) * 100}%` });
  return html`<div class="histogram" role="group" aria-label="Transactions over time: choose a part of it">
    ${bars.map(
      (bar, index) => html`<button
        tabindex="-1"
        title="${formatTime(data?.series.times[index] ?? '', { milliseconds: false })}: ${bar.ok} ok, ${bar.failed} failed"
        onClick=${() => choose(index)}
      >
        ${bar.failed > 0 && html`<span class="bad" style=${share(bar.failed)} />`}
        ${bar.ok > 0 && html`<span class="good" style=${share(bar.ok)} />`}
      </button>`,
    )}
  </div>`;
}

function Nothing({ list }: { list: TransactionList }) {
  const { search } = useAddress();
  if (list.unfiltered > 0) {
    const clear = () => setParams({ q: undefined, outcome: undefined, destination: undefined, min: undefined });
    const why = `${formatCount(list.unfiltered, true)} transactions are outside these filters.`;
    return empty('Nothing matches', why, html`<button class="button primary" onClick=${clear}>Clear filters</button>`);
  }
  return empty(
    `No transactions in the last ${rangeLabel(search)}`,
    'Send the service something and it appears here within a second or two.',
    html`<${SendSamples} />`,
    html`<a class="button" href=${to('/transactions', { range: '24h' })}>Show the last 24 hours</a>`,
  );
}
