import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { LevelList, MessageList, MessageRow, QueueFacts } from '../../api/contract.ts';
import { formatBytes, formatCount, formatTime, shortId } from '../format.ts';
import { Chart } from '../parts/chart.ts';
import { type ChartLine, chartLegend } from '../parts/chart-drawing.ts';
import { DataTable, type TableColumn } from '../parts/data-table.ts';
import { empty, problemBox, skeleton } from '../parts/notes.ts';
import { useResource } from '../resource.ts';
import { setParams, to, transactionPath, useAddress } from '../router.ts';
import { DeadLetters } from './dead-letters-tab.ts';

const lines: readonly ChartLine[] = [
  { name: 'active', label: 'active', colour: 's1' },
  { name: 'deadLettered', label: 'dead letters', colour: 's3', dash: [6, 3] },
];

type QueueTab = 'time' | 'active' | 'scheduled' | 'dead';

/** What lies in one queue: over time, and its messages. */
export function QueueTabs({ queue, reload }: { queue: QueueFacts; reload: () => void }) {
  const { params } = useAddress();
  const [fallback] = useState<QueueTab>(queue.deadLettered > 0 ? 'dead' : 'time');
  const tab = (params.get('tab') as QueueTab | null) ?? fallback;
  const tabs: readonly (readonly [QueueTab, string])[] = [
    ['time', 'Over time'],
    ['active', `Messages ${formatCount(queue.active)}`],
    ['scheduled', `Scheduled ${formatCount(queue.scheduled)}`],
    ['dead', `Dead letters ${formatCount(queue.deadLettered)}`],
  ];
  const said = `Messages over time: ${formatCount(queue.active)} are active, ${formatCount(queue.deadLettered)} are dead letters`;
  return html`<section class="card" aria-label="${queue.name}">
    <div class="tabs" role="tablist">
      ${tabs.map(([name, word]) => html`<button key=${name} role="tab" aria-selected=${String(name === tab)} onClick=${() => setParams({ tab: name })}>${word}</button>`)}
    </div>
    <div role="tabpanel">
      ${tab === 'time' && html`<div style=${{ padding: '8px 12px 0' }}>${chartLegend(lines)}</div><${Chart} series=${queue.series} lines=${lines} height=${220} said=${said} />`}
      ${(tab === 'active' || tab === 'scheduled') && html`<${Messages} queue=${queue.name} state=${tab} />`}
      ${tab === 'dead' && html`<${DeadLettersOrNone} queue=${queue} reload=${reload} />`}
    </div>
  </section>`;
}

function DeadLettersOrNone({ queue, reload }: { queue: QueueFacts; reload: () => void }) {
  const level = useResource<LevelList>('levels', ['run']).data?.run.level;
  if (queue.deadLettered > 0) return html`<${DeadLetters} queue=${queue.name} reload=${reload} />`;
  const more = level === 1 ? ' From level 2 on failures are retried before a message is given up.' : '';
  return empty(
    'No dead letters',
    `Nothing was given up.${more}`,
    html`<a class="button" href=${to('/send')}>Send something that fails</a>`,
  );
}

const messageColumns: readonly TableColumn<MessageRow>[] = [
  {
    key: 'enqueued',
    title: 'Enqueued',
    width: '96px',
    cell: ({ enqueued }) => html`<span class="mono muted">${formatTime(enqueued)}</span>`,
  },
  {
    key: 'what',
    title: 'Message',
    width: 'minmax(0,1fr)',
    cell: ({ file, messageId }) => file ?? html`<span class="mono">${messageId}</span>`,
  },
  {
    key: 'due',
    title: 'Due',
    width: '96px',
    cell: ({ dueAt, locked }) => (dueAt ? formatTime(dueAt) : locked ? 'in flight' : 'now'),
  },
  { key: 'attempt', title: 'Attempt', width: '64px', number: true, cell: ({ attempt }) => attempt },
  { key: 'bytes', title: 'Size', width: '72px', number: true, cell: ({ bytes }) => formatBytes(bytes) },
  {
    key: 'operation',
    title: 'Transaction',
    width: '90px',
    cell: ({ operationId }) =>
      operationId && html`<a class="mono" href=${to(transactionPath(operationId))}>${shortId(operationId)}</a>`,
  },
];

function Messages({ queue, state }: { queue: string; state: 'active' | 'scheduled' }) {
  const { data, problem } = useResource<MessageList>(`queues/${encodeURIComponent(queue)}/messages?state=${state}`, [
    'queues',
  ]);
  const [selected, setSelected] = useState<string | undefined>();
  if (problem && !data) return problemBox(problem);
  if (!data) return skeleton();
  if (data.rows.length === 0)
    return empty('No messages', state === 'active' ? 'Nothing waits here now.' : 'Nothing is due later.');
  return html`<${DataTable}
    label="Messages"
    columns=${messageColumns}
    leastWidth=${620}
    height=${360}
    rows=${data.rows}
    total=${data.total}
    rowKey=${({ sequence }: MessageRow) => sequence}
    selected=${selected}
    onSelect=${({ sequence }: MessageRow) => setSelected(sequence)}
  />`;
}
