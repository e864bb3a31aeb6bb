import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { RunState } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import { type KeyName, keyTable } from '../keys.ts';
import { liveFacts } from '../live-changes.ts';
import { go, to, useAddress } from '../router.ts';
import { useStore } from '../store.ts';
import { icon } from './icons.ts';
import { type Mark, status } from './status.ts';
import { useKeys } from './use-keys.ts';

/** The pages in the order of the navigation; each is named as its key is. */
export const pages = [
  { name: 'overview', path: '/' },
  { name: 'transactions', path: '/transactions' },
  { name: 'logs', path: '/logs' },
  { name: 'queries', path: '/queries' },
  { name: 'queues', path: '/queues' },
  { name: 'send', path: '/send' },
  { name: 'alerts', path: '/alerts' },
  { name: 'drills', path: '/drills' },
  { name: 'plan', path: '/plan' },
] as const satisfies readonly { name: KeyName; path: string }[];

/** Those that stand in the bar at the bottom of a narrow window; the others are behind More. */
const first = new Set<KeyName>(['overview', 'transactions', 'queries', 'queues']);
const states: Readonly<Record<RunState['state'], readonly [Mark, string]>> = {
  starting: ['running', 'Starting'],
  ready: ['ok', 'Running'],
  failed: ['failed', 'Did not start'],
  stopped: ['off', 'Stopped'],
};

export function Nav({ run, levelName }: { run: RunState | undefined; levelName: string }) {
  const { path: here } = useAddress();
  const [more, setMore] = useState(false);
  const facts = useStore(liveFacts);
  useKeys(Object.fromEntries(pages.map(({ name, path }) => [name, () => go(to(path))])));
  const badges: Partial<Record<KeyName, readonly [count: number | undefined, what: string]>> = {
    queues: [facts.queues?.deadLettered, 'dead letters'],
    alerts: [facts.alerts?.fired, 'alerts fire'],
  };
  const isHere = (path: string) => (path === '/' ? here === '/' : here === path || here.startsWith(`${path}/`));
  const link = ({ name, path }: (typeof pages)[number]) => {
    const [count = 0, what] = badges[name] ?? [];
    return html`<a href=${to(path)} aria-current=${isHere(path) ? 'page' : undefined} onClick=${() => setMore(false)}>
      ${icon(name)} <span>${keyTable[name].what}</span>
      ${count > 0 && html`<span class="badge" title=${what}>${formatCount(count)}<span class="hidden"> ${what}</span></span>`}
    </a>`;
  };
  const others = pages.filter(({ name }) => !first.has(name));
  return html`<nav class="nav" aria-label="Pages">
    <a class="brand" href=${to('/')}>${icon('overview', 20)} <span class="cut">${run?.name ?? ''}</span></a>
    <ul>
      ${pages.map((page) => html`<li key=${page.name} class=${first.has(page.name) ? '' : 'wide-only'}>${link(page)}</li>`)}
      <li class="more-only">
        <button aria-expanded=${String(more)} aria-current=${others.some(({ path }) => isHere(path)) ? 'page' : undefined} onClick=${() => setMore(!more)}>${icon('more')} <span>More</span></button>
        ${more && html`<ul class="popover">${others.map((page) => html`<li>${link(page)}</li>`)}</ul>`}
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
