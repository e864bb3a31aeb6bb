import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TransactionList, TransactionRow } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import { DataTable, isNarrow } from '../parts/data-table.ts';
import { icon } from '../parts/icons.ts';
import { Copy, empty, problemBox, queryAddress, queryLink, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { go, setParams, to, transactionPath, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import { TransactionFilters } from './filter-chips.ts';
import { type HeldRows, useHeldRows } from './held-rows.ts';
import { SendSamples } from './send-samples.ts';
import { narrowTransactionColumns, wideColumns } from './transaction-columns.ts';
import { TransactionHistogram } from './transaction-histogram.ts';

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
  for (const name of ['q', 'outcome', 'destination', 'min', 'sort']) {
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
  const shown = useHeldRows(list, filter);
  const outcome = params.get('outcome') ?? '';
  const setOutcome = (value: string) => setParams({ outcome: value });
  useKeys({ failed: () => setOutcome(outcome === 'failed' ? '' : 'failed') });
  useExactId(list.data, params.get('q'));
  return html`<${Shell} title="Transactions" filled>
    <section class="card" aria-label="Filters">
      <header style=${{ borderBottom: 0 }}>
        ${segments('Outcome', outcomes, outcome, setOutcome)}
        <${TransactionFilters} params=${params} />
        <span class="push row">
          ${list.data && html`<span class="muted">${formatCount(list.data.total, true)} of ${formatCount(list.data.unfiltered, true)} · sampled at ${list.data.sampling} %</span> ${queryLink(list.data.query, 'Open as query')}`}
        </span>
      </header>
      <${TransactionHistogram} filter=${filter} />
    </section>
    <section class="card" style=${{ minHeight: '320px', overflow: 'hidden', position: 'relative' }} aria-label="Transactions">
      ${list.problem && !list.data ? problemBox(list.problem) : !list.data ? skeleton(12) : list.data.total === 0 ? html`<${Nothing} list=${list.data} />` : html`<${Rows} shown=${shown} total=${list.data.total} />`}
    </section>
  <//>`;
}

function Rows({ shown, total }: { shown: HeldRows; total: number }) {
  const [selected, setSelected] = useState<string | undefined>();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const narrow = isNarrow();
  const reasons = useRef(new Set<string>());
  const hold = (reason: string, on: boolean) => {
    if (on) reasons.current.add(reason);
    else reasons.current.delete(reason);
    shown.hold(reasons.current.size > 0);
  };
  const mark = (next: ReadonlySet<string>) => {
    setMarked(next);
    hold('marked', next.size > 0);
  };
  return html`<div
    class="rows-with-marks"
    onMouseEnter=${() => hold('hovered', true)}
    onMouseLeave=${() => hold('hovered', false)}
    onFocusIn=${() => hold('focused', true)}
    onFocusOut=${() => hold('focused', false)}
    onScrollCapture=${({ target }: Event) => hold('scrolled', (target as HTMLElement).scrollTop > 0)}
  >
    ${marked.size > 0 && html`<${Marked} ids=${[...marked]} clear=${() => mark(new Set())} />`}
    ${shown.waiting > 0 && html`<button class="button primary new-rows" onClick=${shown.release}>↑ ${formatCount(shown.waiting)} new</button>`}
    <${DataTable}
      label="Transactions"
      columns=${narrow ? narrowTransactionColumns : wideColumns}
      rowHeight=${narrow ? 56 : 32}
      rows=${shown.rows}
      total=${total}
      rowKey=${(row: TransactionRow) => row.operationId}
      ordered=${true}
      selected=${selected}
      marked=${marked}
      onMark=${mark}
      onSelect=${(row: TransactionRow) => setSelected(row.operationId)}
      onOpen=${(row: TransactionRow) => go(to(transactionPath(row.operationId)))}
      onEnd=${shown.more}
    />
  </div>`;
}

/** What can be done with the rows that were selected. */
function Marked({ ids, clear }: { ids: readonly string[]; clear: () => void }) {
  useKeys({ close: clear });
  const query = `union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents\n| where OperationId in (${ids.map((id) => JSON.stringify(id)).join(', ')})\n| order by TimeGenerated asc`;
  return html`<div class="row marked" role="status">
    <b>${formatCount(ids.length)} selected</b> <${Copy} text=${ids.join('\n')} words="Copy ids" />
    <a class="button" href=${queryAddress(query)}>${icon('queries', 14)} Query these</a>
    <button class="button quiet push" onClick=${clear}>Clear</button>
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
