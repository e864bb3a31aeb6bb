import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type {
  DeadLetterFilter,
  DeadLetterGroupRow,
  DeadLetterGroups,
  MessageList,
  MessageRow,
} from '../../api/contract.ts';
import { formatAgo, formatCount } from '../format.ts';
import { DataTable, type TableColumn } from '../parts/data-table.ts';
import { icon } from '../parts/icons.ts';
import { problemBox, segments, skeleton } from '../parts/notes.ts';
import { status } from '../parts/status.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { go, to } from '../router.ts';
import { DeadLetterChangeCard } from './dead-letter-change.ts';

const time = (at: string | null | undefined) => (at ? formatAgo(at) : '–');

const groupColumns: readonly TableColumn<DeadLetterGroupRow>[] = [
  {
    key: 'reason',
    title: 'Reason',
    width: '180px',
    value: ({ reason }) => reason,
    cell: ({ reason }) => html`<span class="chip">${reason ?? 'none'}</span>`,
  },
  { key: 'error', title: 'Error', width: 'minmax(0,1fr)', cell: ({ error }) => error },
  {
    key: 'count',
    title: 'Messages',
    width: '72px',
    number: true,
    value: ({ count }) => count,
    cell: ({ count }) => html`<b>${formatCount(count)}</b>`,
  },
  {
    key: 'first',
    title: 'First',
    width: '84px',
    value: (row) => row.first,
    cell: ({ first }) => html`<span class="muted">${time(first)}</span>`,
  },
  {
    key: 'last',
    title: 'Last',
    width: '84px',
    value: (row) => row.last,
    cell: ({ last }) => html`<span class="muted">${time(last)}</span>`,
  },
  { key: 'attempts', title: 'Attempts', width: '64px', number: true, cell: ({ attempts }) => attempts },
  {
    key: 'state',
    title: 'State',
    width: '120px',
    cell: ({ parked }) => (parked > 0 ? status('paused', `${parked} parked`) : '–'),
  },
];

const messageColumns: readonly TableColumn<MessageRow>[] = [
  {
    key: 'at',
    title: 'Dead-lettered',
    width: '96px',
    cell: ({ deadLetteredAt, enqueued }) => html`<span class="muted">${time(deadLetteredAt ?? enqueued)}</span>`,
  },
  {
    key: 'what',
    title: 'Message',
    width: 'minmax(0,1fr)',
    cell: ({ file, messageId }) => file ?? html`<span class="mono">${messageId}</span>`,
  },
  {
    key: 'reason',
    title: 'Reason',
    width: '180px',
    cell: ({ reason = 'none' }) => html`<span class="chip">${reason}</span>`,
  },
  { key: 'description', title: 'Error', width: 'minmax(0,1.2fr)', cell: ({ description = '' }) => description },
  { key: 'attempt', title: 'Attempts', width: '64px', number: true, cell: ({ attempt }) => attempt },
  {
    key: 'state',
    title: 'State',
    width: '120px',
    cell: ({ parked, replays = 0 }) =>
      parked ? status('paused', 'Parked') : replays > 0 ? status('replayed', `Replayed ${replays} ×`) : '–',
  },
];

export const deadLetterPath = (queue: string, sequence: string): string =>
  `/queues/${encodeURIComponent(queue)}/dead-letters/${encodeURIComponent(sequence)}`;

const keyOf = ({ reason, fingerprint }: DeadLetterGroupRow) => `${reason} ${fingerprint}`;
const filterOf = (group: DeadLetterGroupRow | undefined): DeadLetterFilter =>
  group
    ? { ...(group.reason && { reason: group.reason }), ...(group.fingerprint && { fingerprint: group.fingerprint }) }
    : {};

/** Dead letters by reason and error, or one by one, and what can be done with them. */
export function DeadLetters({ queue, reload }: { queue: string; reload: () => void }) {
  const path = `queues/${encodeURIComponent(queue)}`;
  const groups = useResource<DeadLetterGroups>(`${path}/groups`, ['queues', 'replays']);
  const [find, setFind] = useState('');
  const [view, setView] = useState<'groups' | 'messages'>('groups');
  const messages = useResource<MessageList>(
    view === 'messages' ? `${path}/messages?state=dead&q=${encodeURIComponent(find)}` : undefined,
    ['queues'],
  );
  const [selected, setSelected] = useState<string | undefined>();
  const [change, setChange] = useState<'replay' | 'purge' | undefined>();
  const all = groups.data?.groups ?? [];
  const shown = all.filter(({ reason, error }) => `${reason} ${error}`.toLowerCase().includes(find.toLowerCase()));
  const group = all.find((each) => keyOf(each) === selected);
  const count = all.reduce((sum, each) => sum + each.count, 0);
  const reloadAll = () => {
    groups.reload();
    reload();
  };
  useKeys({ replay: () => setChange('replay') });
  const views = [
    ['groups', `Groups ${all.length}`],
    ['messages', `Messages ${formatCount(count)}`],
  ] as const;
  if (groups.problem && !groups.data) return html`<div class="body">${problemBox(groups.problem)}</div>`;
  return html`<div class="row" style=${{ padding: '8px 12px' }}>
      <input class="input" type="search" aria-label="Find in dead letters" placeholder="Reason, error, file, correlation id" value=${find} style=${{ flex: '0 1 260px', minWidth: 0 }} onInput=${(event: InputEvent) => setFind((event.target as HTMLInputElement).value)} />
      ${segments('View', views, view, setView)}
      <span class="push row">
        <button class="button" onClick=${() => setChange('replay')}>${icon('replay', 14)} Replay…</button>
        <button class="button danger" onClick=${() => setChange('purge')}>${icon('bin', 14)} Purge…</button>
      </span>
    </div>
    <div style=${{ borderTop: '1px solid var(--line)' }}>
      ${
        view === 'groups'
          ? html`<${DataTable} label="Groups of dead letters" columns=${groupColumns} leastWidth=${820} height=${tableHeight(shown.length)} rows=${shown} rowKey=${keyOf} selected=${selected} onSelect=${(row: DeadLetterGroupRow) => setSelected(keyOf(row))} />`
          : messages.data
            ? html`<${DataTable} label="Dead letters" columns=${messageColumns} leastWidth=${820} height=${tableHeight(messages.data.rows.length)} rows=${messages.data.rows} total=${messages.data.total} rowKey=${({ sequence }: MessageRow) => sequence} onOpen=${({ sequence }: MessageRow) => go(to(deadLetterPath(queue, sequence)))} />`
            : skeleton()
      }
    </div>
    ${change && html`<${DeadLetterChangeCard} key=${change + (selected ?? '')} change=${change} queue=${queue} filter=${filterOf(group)} title=${group?.reason ?? 'all dead letters'} close=${() => setChange(undefined)} done=${reloadAll} />`}`;
}

const tableHeight = (rows: number) => 32 + Math.min(10, Math.max(1, rows)) * 32 + 12;
