import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { QueueList, RunState } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import { go, to, useAddress } from '../router.ts';
import { icon } from './icons.ts';
import { type Mark, status } from './status.ts';
import { useKeys } from './use-keys.ts';

const pages = [
  ['overview', '/', 'Overview', 'o'],
  ['transactions', '/transactions', 'Transactions', 't'],
  ['logs', '/logs', 'Logs', 'l'],
  ['queries', '/queries', 'Queries', 'k'],
  ['queues', '/queues', 'Queues', 'q'],
  ['send', '/send', 'Send', 's'],
  ['plan', '/plan', 'Plan', 'p'],
] as const;

/** Those that stand in the bar at the bottom of a narrow window; the others are behind More. */
const first = new Set(['overview', 'transactions', 'queries', 'queues']);
const states: Readonly<Record<RunState['state'], readonly [Mark, string]>> = {
  starting: ['running', 'Starting'],
  ready: ['ok', 'Running'],
  failed: ['failed', 'Did not start'],
  stopped: ['off', 'Stopped'],
};

export function Nav({
  run,
  levelName,
  queues,
}: {
  run: RunState | undefined;
  levelName: string;
  queues: QueueList | undefined;
}) {
  const { path } = useAddress();
  const [more, setMore] = useState(false);
  useKeys(Object.fromEntries(pages.map(([, target, , key]) => [`g ${key}`, () => go(to(target))])));
  const dead = queues?.queues.reduce((sum, { deadLettered }) => sum + deadLettered, 0) ?? 0;
  const isHere = (target: string) => (target === '/' ? path === '/' : path === target || path.startsWith(`${target}/`));
  const link = ([name, target, word]: (typeof pages)[number]) => html`<a
    href=${to(target)}
    aria-current=${isHere(target) ? 'page' : undefined}
    onClick=${() => setMore(false)}
  >
    ${icon(name)} <span>${word}</span>
    ${name === 'queues' && dead > 0 && html`<span class="badge" title="dead letters">${formatCount(dead)}</span>`}
  </a>`;
  return html`<nav class="nav" aria-label="Pages">
    <a class="brand" href=${to('/')}>${icon('overview', 20)} <span class="cut">${run?.name ?? ''}</span></a>
    <ul>
      ${pages.map((page) => html`<li key=${page[0]} class=${first.has(page[0]) ? '' : 'wide-only'}>${link(page)}</li>`)}
      <li class="more-only">
        <button aria-expanded=${String(more)} onClick=${() => setMore(!more)}>${icon('more')} <span>More</span></button>
        ${more && html`<ul class="popover">${pages.filter(([name]) => !first.has(name)).map((page) => html`<li>${link(page)}</li>`)}</ul>`}
      </li>
    </ul>
    ${run && html`<${Foot} run=${run} levelName=${levelName} />`}
  </nav>`;
}

function Foot({ run, levelName }: { run: RunState; levelName: string }) {
  const [kind, word] = states[run.state];
  return html`<div class="nav-foot">
    <div>${status(kind, word)} <span class="muted">· :${new URL(run.service).port}</span></div>
    <div><b>Level ${run.level}</b> <span class="muted">${levelName}</span></div>
    <div class="muted">Press <kbd>?</kbd> for keys</div>
  </div>`;
}
