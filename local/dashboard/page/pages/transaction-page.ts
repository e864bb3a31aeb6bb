import { html } from 'htm/preact';
import { useMemo, useState } from 'preact/hooks';
import type { LevelList, Place, Transaction, TransactionItem } from '../../api/contract.ts';
import { formatCount, formatDuration, formatTime } from '../format.ts';
import { Details } from '../parts/details.ts';
import { Copy, empty, problemBox, queryLink, segments, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { outcomeStatus } from '../parts/status.ts';
import { Story } from '../parts/story-strip.ts';
import { useKeys } from '../parts/use-keys.ts';
import { isFound, Waterfall } from '../parts/waterfall.ts';
import { placeColour, placeWord } from '../parts/waterfall-row.ts';
import { filteredItems } from '../parts/waterfall-tree.ts';
import { useResource } from '../resource.ts';
import { setParams, to, useAddress } from '../router.ts';
import { Neighbours } from './neighbours.ts';
import { TransactionRows } from './transaction-rows.ts';

/** One transaction, told twice: as a story that says whether it is lost, and as a waterfall that says where the time went. */
export function TransactionPage({ id }: { id: string }) {
  const { data, problem } = useResource<Transaction>(`transactions/${encodeURIComponent(id)}`, ['rows']);
  const crumb = html`<a href=${to('/transactions')}>Transactions</a>`;
  const title = data ? (data.facts.file ?? data.facts.name) : id.slice(0, 8);
  return html`<${Shell} title=${title} crumb=${crumb} filled>
    ${!data && problem && html`<section class="card">${problem.detail === 'The stand-ins do not answer.' ? problemBox(problem) : html`<${Missing} id=${id} detail=${problem.detail} help=${problem.do} />`}</section>`}
    ${!data && !problem && html`<section class="card">${skeleton(14)}</section>`}
    ${data && html`<${Facts} transaction=${data} /><${Trace} transaction=${data} />`}
  <//>`;
}

const Missing = ({ id, detail, help }: { id: string; detail: string; help: string }) =>
  empty(
    `No transaction ${id.slice(0, 8)}…`,
    `${detail} ${help}`,
    html`<a class="button" href=${to('/transactions')}>All transactions</a>`,
  );

function Facts({ transaction: { facts, story } }: { transaction: Transaction }) {
  const fact = (name: string, value: unknown, mono = false) =>
    html`<div><dt>${name}</dt><dd class=${mono ? 'mono' : ''}>${value}</dd></div>`;
  const id = (name: string, value: string | undefined) =>
    value && fact(name, html`${middle(value)}<${Copy} text=${value} label="Copy the ${name.toLowerCase()}" />`, true);
  const attempts =
    facts.replays > 0 ? `${facts.attempts} + ${facts.replays} replay${facts.replays > 1 ? 's' : ''}` : facts.attempts;
  return html`<section class="card" aria-label="Story">
    <dl class="facts">
      ${fact('Outcome', outcomeStatus(facts.outcome))} ${fact('Started', html`<span title=${facts.started}>${formatTime(facts.started)}</span>`)}
      ${fact('Total', formatDuration(facts.totalMs))} ${fact('Working', formatDuration(facts.workingMs))}
      ${fact('Waiting', formatDuration(facts.waitingMs))}
      ${facts.deadLetteredMs !== null && fact('Dead-lettered', formatDuration(facts.deadLetteredMs))}
      ${fact('Attempts', attempts)} ${id('Operation id', facts.operationId)} ${id('Correlation id', facts.correlationId)}
    </dl>
    <${Story} steps=${story} onSelect=${(item: string) => setParams({ item })} />
  </section>`;
}

/** An id by its two ends. */
const middle = (id: string) => (id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** Of the working time: what took less is small. */
const SMALL_SHARE = 0.02;

const order: readonly Place[] = ['api', 'service-bus', 'queue', 'worker', 'destination', 'other'];

function Trace({ transaction: { facts, items, query } }: { transaction: Transaction }) {
  const { params } = useAddress();
  const [find, setFind] = useState('');
  const selected = params.get('item') ?? undefined;
  const view = params.get('view') === 'rows' ? 'rows' : 'timeline';
  const folded = params.get('waits') !== 'real';
  const select = (item: string | undefined) => setParams({ item });
  const fold = () => setParams({ waits: folded ? 'real' : undefined });
  const [only, setOnly] = useState(false);
  const [small, setSmall] = useState(false);
  const [hidden, setHidden] = useState({ event: false, log: false });
  const hide = (kind: 'event' | 'log') => () => setHidden((before) => ({ ...before, [kind]: !before[kind] }));
  useKeys({ waits: fold, events: hide('event'), logLines: hide('log') });
  const began = useMemo(
    () => items.reduce((first, { start }) => Math.min(first, Date.parse(start)), Date.now()),
    [items],
  );
  const shown = useMemo(
    () =>
      filteredItems(items, {
        ...(only && find !== '' && { matches: (each) => isFound(each, find) }),
        leastMs: small ? facts.workingMs * SMALL_SHARE : 0,
        ...{ events: !hidden.event, logs: !hidden.log },
      }),
    [items, only, find, small, hidden],
  );
  const item = items.find(({ id }) => id === selected);
  const places = new Set(items.map(({ place, kind }) => (kind === 'wait' ? 'queue' : place)));
  const views = [
    ['timeline', 'Timeline'],
    ['rows', `Rows ${formatCount(items.length)}`],
  ] as const;
  return html`<section class="card trace" aria-label="Timeline">
    <header>
      ${segments('View', views, view, (value) => setParams({ view: value === 'rows' ? 'rows' : undefined }))}
      <input class="input find" type="search" aria-label="Find in this transaction" placeholder="Find in this transaction" value=${find} onInput=${(event: InputEvent) => setFind((event.target as HTMLInputElement).value)} />
      <span class="legend">
        ${order
          .filter((place) => places.has(place))
          .map(
            (place) =>
              html`<span><i class=${place === 'queue' ? 'wait' : ''} style=${{ width: '14px', height: '8px', borderRadius: '2px', background: place === 'queue' ? undefined : placeColour[place] }} />${placeWord[place]}</span>`,
          )}
      </span>
      <span class="push row">
        <span class="neighbour">${queryLink(query)}</span>
        <button class="button" aria-pressed=${String(folded)} onClick=${fold}>${folded ? 'Waits folded' : 'Waits as they were'}</button>
        <${Neighbours} id=${facts.operationId} />
      </span>
    </header>
    ${view === 'timeline' && html`<${Options} items=${items} left=${items.length - shown.length} options=${{ find, only, setOnly, small, setSmall, hidden, hide }} />`}
    <div class="trace-body" data-panel=${String(item !== undefined)}>
      ${
        items.length === 0
          ? empty('No rows', 'Nothing of this transaction has reached the tables.')
          : view === 'rows'
            ? html`<${TransactionRows} items=${items} selected=${selected} select=${select} find=${find} />`
            : html`<${Waterfall} items=${shown} began=${began} folded=${folded} find=${find} selected=${selected} onSelect=${select} />`
      }
      ${item && html`<${Details} key=${item.id} item=${item} items=${items} began=${began} close=${() => select(undefined)} />`}
    </div>
    <${LevelNote} facts=${facts} />
  </section>`;
}

/** What of the timeline is shown, and how much is not. */
function Options({
  items,
  left,
  options: { find, only, setOnly, small, setSmall, hidden, hide },
}: {
  items: readonly TransactionItem[];
  left: number;
  options: {
    find: string;
    only: boolean;
    setOnly: (on: boolean) => void;
    small: boolean;
    setSmall: (on: boolean) => void;
    hidden: Readonly<Record<'event' | 'log', boolean>>;
    hide: (kind: 'event' | 'log') => () => void;
  };
}) {
  const has = (wanted: TransactionItem['kind']) => items.some(({ kind }) => kind === wanted);
  const choice = (words: string, on: boolean, change: () => void, key?: string) =>
    html`<label title=${key}><input type="checkbox" checked=${on} onChange=${change} /> ${words}</label>`;
  return html`<div class="row trace-options muted">
    ${has('event') && choice('Events', !hidden.event, hide('event'), 'e')} ${has('log') && choice('Log lines', !hidden.log, hide('log'), 'l')}
    ${choice('Hide below 2 %', small, () => setSmall(!small))} ${find !== '' && choice('Matches only', only, () => setOnly(!only))}
    ${left > 0 && html`<span class="push" role="status">${formatCount(left, true)} of ${formatCount(items.length, true)} hidden</span>`}
  </div>`;
}

/** At level 1 the worker's part has operations of its own. */
function LevelNote({ facts }: { facts: Transaction['facts'] }) {
  const levels = useResource<LevelList>('levels', ['run']).data;
  if (facts.level > 1 || facts.operationIds.length < 2 || !levels?.levels.some(({ level }) => level === 2)) return null;
  return html`<p class="muted" style=${{ padding: '6px 12px' }}>${facts.operationIds.length} operations: level 2 makes the worker's part one with this. <a href=${to('/plan', { from: '1', to: '2' })}>See level 2</a></p>`;
}
