import { html } from 'htm/preact';
import type { ConsumerState, QueueFacts, QueueList } from '../../api/contract.ts';
import { formatCount, formatDuration } from '../format.ts';
import { DataTable, isNarrow, type TableColumn } from '../parts/data-table.ts';
import { empty, problemBox, skeleton } from '../parts/notes.ts';
import { Shell } from '../parts/shell.ts';
import { spark } from '../parts/spark.ts';
import { type Mark, status } from '../parts/status.ts';
import { useResource } from '../resource.ts';
import { go, to, useAddress } from '../router.ts';
import { rangeLabel, rangeOf } from '../url-state.ts';
import { MessagePage } from './message-page.ts';
import { QueueTabs } from './queue-tabs.ts';

const marks: Readonly<Record<ConsumerState, Mark>> = {
  receiving: 'ok',
  paused: 'paused',
  stalled: 'warning',
  none: 'off',
};
const per = (value: number) => formatCount(Math.round(value));
export const queuePath = (name: string): string => `/queues/${encodeURIComponent(name)}`;

const dead = (count: number) => (count === 0 ? html`<span class="pale">0</span>` : status('dead', formatCount(count)));
const columnsOf = (range: string): readonly TableColumn<QueueFacts>[] => [
  {
    key: 'name',
    title: 'Queue or subscription',
    width: 'minmax(120px,1fr)',
    value: ({ name }) => name,
    cell: ({ name }) => html`<a href=${to(queuePath(name))}>${name.replace('/', ' / ')}</a>`,
  },
  {
    key: 'consumer',
    title: 'Consumer',
    width: 'minmax(0,1fr)',
    cell: ({ consumer }) => status(marks[consumer.state], consumer.text),
  },
  {
    key: 'active',
    title: 'Active',
    width: '64px',
    number: true,
    value: ({ active }) => active,
    cell: ({ active }) => formatCount(active),
  },
  {
    key: 'spark',
    title: `Last ${range}`,
    width: '110px',
    cell: ({ series }) => spark(series.values.active ?? [], 's1', { width: 110, height: 24 }),
  },
  {
    key: 'scheduled',
    title: 'Scheduled',
    width: '76px',
    number: true,
    value: ({ scheduled }) => scheduled,
    cell: ({ scheduled }) => formatCount(scheduled),
  },
  { key: 'flight', title: 'In flight', width: '64px', number: true, cell: ({ inFlight }) => formatCount(inFlight) },
  {
    key: 'oldest',
    title: 'Oldest',
    width: '76px',
    number: true,
    value: ({ oldestMs }) => oldestMs,
    cell: ({ oldestMs }) => (oldestMs === null ? '–' : formatDuration(oldestMs)),
  },
  {
    key: 'rate',
    title: 'In / out a min',
    width: '104px',
    number: true,
    cell: ({ inPerMinute, outPerMinute }) => `${per(inPerMinute)} / ${per(outPerMinute)}`,
  },
  {
    key: 'dead',
    title: 'Dead letters',
    width: '84px',
    number: true,
    value: ({ deadLettered }) => deadLettered,
    cell: ({ deadLettered }) => dead(deadLettered),
  },
];

const narrowColumns: readonly TableColumn<QueueFacts>[] = [
  {
    key: 'name',
    title: 'Queue or subscription',
    width: 'minmax(0,1fr)',
    cell: ({
      name,
      consumer,
      active,
    }) => html`<div class="cut"><a href=${to(queuePath(name))}>${name.replace('/', ' / ')}</a></div>
      <div class="cut muted">${status(marks[consumer.state], consumer.text)} · ${formatCount(active)} active</div>`,
  },
  { key: 'dead', title: 'Dead letters', width: '90px', number: true, cell: ({ deadLettered }) => dead(deadLettered) },
];

/** The queues and subscriptions of `infra/queues.json`, and what lies in the chosen one. */
export function QueuesPage({ queue, sequence }: { queue?: string; sequence?: string }) {
  const { search } = useAddress();
  const { data, problem, reload } = useResource<QueueList>(`queues?${rangeOf(search)}`, ['queues']);
  if (queue && sequence) return html`<${MessagePage} queue=${queue} sequence=${sequence} />`;
  const first = data?.queues.find(({ deadLettered }) => deadLettered > 0) ?? data?.queues[0];
  const chosen = queue ? data?.queues.find(({ name }) => name === queue) : first;
  const crumb = queue && html`<a href=${to('/queues')}>Queues</a>`;
  const narrow = isNarrow();
  const rowHeight = narrow ? 56 : 32;
  return html`<${Shell} title=${queue ?? 'Queues'} crumb=${crumb}>
    ${problem && !data && problemBox(problem)} ${!data && !problem && html`<section class="card">${skeleton()}</section>`}
    ${data?.none && html`<section class="card">${empty('No queues', data.none)}</section>`}
    ${
      data &&
      data.queues.length > 0 &&
      html`<section class="card" aria-label="Queues">
        <header><h2>Queues</h2><span class="muted">defined in infra/queues.json</span></header>
        <${DataTable}
          label="Queues"
          columns=${narrow ? narrowColumns : columnsOf(rangeLabel(search))}
          rowHeight=${rowHeight}
          height=${30 + Math.min(8, data.queues.length) * rowHeight}
          rows=${data.queues}
          rowKey=${({ name }: QueueFacts) => name}
          selected=${chosen?.name}
          onSelect=${({ name }: QueueFacts) => go(to(queuePath(name)), { replace: true })}
        />
      </section>`
    }
    ${chosen && html`<${QueueTabs} key=${chosen.name} queue=${chosen} reload=${reload} />`}
    ${data && queue && !chosen && html`<section class="card">${empty(`No queue ${queue}`, 'infra/queues.json names no such queue or subscription.', html`<a class="button" href=${to('/queues')}>All queues</a>`)}</section>`}
  <//>`;
}
