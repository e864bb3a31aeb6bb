import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { TransactionItem } from '../../api/contract.ts';
import { formatDuration, formatTime } from '../format.ts';
import { icon } from './icons.ts';
import { Copy, queryAddress } from './notes.ts';
import { mark } from './status.ts';
import { useKeys } from './use-keys.ts';
import { placeWord } from './waterfall-row.ts';

const kinds: Readonly<Record<TransactionItem['kind'], string>> = {
  request: 'Request',
  call: 'Dependency',
  wait: 'Wait',
  log: 'Log',
  exception: 'Exception',
  event: 'Event',
};

/** Columns that name the row; the others say what it was about. */
const identity = ['Id', 'ParentId', 'OperationId', 'ItemCount', 'AppRoleName', 'AppRoleInstance'];
const called = ['Target', 'DependencyType', 'Data', 'Url', 'ResultCode', 'ExceptionType', 'OuterMessage', 'Message'];

/** Everything that is known of one item, beside the waterfall. */
export function Details({
  item,
  items,
  began,
  close,
}: {
  item: TransactionItem;
  items: readonly TransactionItem[];
  began: number;
  close: () => void;
}) {
  const [tab, setTab] = useState('details');
  useKeys({ close });
  const logs = items.filter(
    ({ parent, kind }) => parent === item.id && (kind === 'log' || kind === 'exception' || kind === 'event'),
  );
  const tabs = [
    ['details', 'Details'],
    ['logs', `Logs ${logs.length}`],
    ['row', 'Row'],
  ] as const;
  const words = [
    kinds[item.kind],
    item.attempt && `attempt ${item.attempt}`,
    item.kind !== 'wait' && placeWord[item.place],
  ].filter(Boolean);
  return html`<aside class="details" aria-label="Details of ${item.name}">
    <div class="head">
      <div><h2>${item.name}</h2><span class="muted">${words.join(' · ')}</span></div>
      <button class="button icon quiet" aria-label="Close details" onClick=${close}>${icon('close')}</button>
    </div>
    <div class="tabs" role="tablist">
      ${tabs.map(([name, word]) => html`<button role="tab" aria-selected=${String(name === tab)} onClick=${() => setTab(name)}>${word}</button>`)}
    </div>
    <div class="body" role="tabpanel" tabindex="0">
      ${tab === 'details' && html`<${Facts} item=${item} began=${began} />`} ${tab === 'logs' && html`<${Logs} logs=${logs} />`}
      ${tab === 'row' && html`<pre>${item.row ? JSON.stringify(item.row, null, 2) : 'No row tells this: it is read from what stands before and after.'}</pre>`}
    </div>
  </aside>`;
}

function Facts({ item, began }: { item: TransactionItem; began: number }) {
  const { row = {} } = item;
  const pick = (names: readonly string[]) =>
    names.flatMap((name) => (has(row[name]) ? [[name, row[name]] as const] : []));
  const { Properties, Measurements } = row;
  const custom = [...Object.entries(objectOf(Properties)), ...Object.entries(objectOf(Measurements))];
  const started = Date.parse(item.start) - began;
  return html`${
    item.cause &&
    html`<div class="problem ${item.ok ? 'warning' : ''}">${mark(item.ok ? 'warning' : 'failed')}<div>${item.cause}</div></div>`
  }
    <dl class="pairs">
      <dt>Started</dt>
      <dd>${started < 0 ? `clock ${formatDuration(started)}` : `+${formatDuration(started)}`} <span class="muted">${formatTime(item.start)}</span></dd>
      ${item.ms !== undefined && html`<dt>Duration</dt><dd>${formatDuration(item.ms)}</dd>`}
      ${item.code && html`<dt>Result</dt><dd>${item.code}</dd>`}
    </dl>
    <${Pairs} title="Call" pairs=${pick(called)} />
    <${Pairs} title="Identity" pairs=${[...(item.table ? [['Table', item.table] as const] : []), ...pick(identity)]} />
    <${Pairs} title="Custom" pairs=${custom} />
    <div class="row">
      ${item.table && html`<a class="button" href=${queryAddress(queryOf(item))}>${icon('queries')} Query this</a>`}
      <${Copy} text=${location.href} label="Copy the address of this item" words="Copy link" />
    </div>`;
}

const has = (value: unknown) => value !== undefined && value !== null && value !== '';

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  try {
    return typeof value === 'string' && value !== '' ? (JSON.parse(value) as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Finds the row again in the tables. */
function queryOf({ table = '', row = {} }: TransactionItem): string {
  const text = (value: unknown) => JSON.stringify(String(value));
  const by = has(row.Id) ? `Id == ${text(row.Id)}` : `OperationId == ${text(row.OperationId ?? '')}`;
  return `${table}\n| where ${by}`;
}

function Pairs({ title, pairs }: { title: string; pairs: readonly (readonly [string, unknown])[] }) {
  if (pairs.length === 0) return null;
  const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return html`<div>
    <h3>${title}</h3>
    <dl class="pairs">${pairs.map(([name, value]) => html`<dt class="cut" title=${name}>${name}</dt><dd class="mono">${shown(value)}</dd>`)}</dl>
  </div>`;
}

function Logs({ logs }: { logs: readonly TransactionItem[] }) {
  if (logs.length === 0) return html`<p class="muted">No log line, exception or event of this item.</p>`;
  return html`<ul>
    ${logs.map(({ start, name, cause, kind, ok }) => html`<li class="log-line"><span class="status muted">${mark(kind === 'event' ? 'event' : ok ? 'log' : 'failed')} ${formatTime(start)}</span>${name}${cause && html`<span class="muted">${cause}</span>`}</li>`)}
  </ul>`;
}
