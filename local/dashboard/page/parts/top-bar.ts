import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTime } from '../format.ts';
import { liveState, pauseLive, tryNow } from '../live-changes.ts';
import { go, setParams, to, useAddress } from '../router.ts';
import { useStore } from '../store.ts';
import { switchTheme } from '../theme.ts';
import { rangeLabel, rangeOf, ranges } from '../url-state.ts';
import { icon } from './icons.ts';
import { useKeys } from './use-keys.ts';

/** The head of every page: where one is, search, range, live. */
export function TopBar({ crumb, title }: { crumb?: ComponentChildren; title: string }) {
  return html`<header class="top">
    <h1>${crumb && html`${crumb} <span class="pale">/</span> `}${title}</h1>
    <${Search} />
    <${RangeChoice} />
    <${Live} />
    <button class="button icon quiet theme" aria-label="Light or dark" title="Light or dark" onClick=${switchTheme}>${icon('sun')}</button>
  </header>`;
}

function Search() {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ search: () => input.current?.focus() });
  const search = (event: SubmitEvent) => {
    event.preventDefault();
    const q = input.current?.value.trim();
    input.current?.blur();
    go(to('/transactions', { q }));
  };
  return html`<form class="search" role="search" onSubmit=${search}>
    ${icon('search')}
    <input
      ref=${input}
      class="input"
      type="search"
      aria-label="Search transactions"
      placeholder="File, operation or correlation id"
      onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && input.current?.blur()}
    />
    <kbd>/</kbd>
  </form>`;
}

function RangeChoice() {
  const { search } = useAddress();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLButtonElement>('[aria-checked=true]')?.focus();
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const now = rangeOf(search).get('range');
  const choose = (range: string) => {
    setOpen(false);
    setParams({ range: range === '15m' ? undefined : range, from: undefined, to: undefined });
    box.current?.querySelector('button')?.focus();
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !open) return;
    event.preventDefault();
    const buttons = [...(box.current?.querySelectorAll<HTMLButtonElement>('[role=menuitemradio]') ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(index + step + buttons.length) % buttons.length]?.focus();
  };
  return html`<div class="anchor" ref=${box} onKeyDown=${move}>
    <button
      class="button"
      aria-haspopup="menu"
      aria-expanded=${String(open)}
      aria-label="Time range: ${rangeLabel(search)}"
      onClick=${() => setOpen(!open)}
    >
      ${icon('clock')} ${rangeLabel(search)}
    </button>
    ${
      open &&
      html`<div class="popover" role="menu">
        ${ranges.map(
          ([range, label]) =>
            html`<button role="menuitemradio" aria-checked=${String(range === now)} onClick=${() => choose(range)}>${label}</button>`,
        )}
      </div>`
    }
  </div>`;
}

const liveWords = { live: 'Live', paused: 'Paused', offline: 'Offline' } as const;

function Live() {
  const { state } = useStore(liveState);
  const act = state === 'offline' ? tryNow : pauseLive;
  useKeys({ pause: act });
  return html`<button class="live" data-state=${state} title="Pause or go on (.)" onClick=${act}>${liveWords[state]}</button>`;
}

/** Says since when nothing has come in. What had arrived stays on the page. */
export function OfflineBand() {
  const live = useStore(liveState);
  const [, tick] = useState(0);
  const offline = live.state === 'offline';
  useEffect(() => {
    if (!offline) return;
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, [offline]);
  if (live.state !== 'offline') return null;
  const seconds = Math.max(0, Math.ceil((live.nextTry - Date.now()) / 1_000));
  return html`<div class="banner" role="status">
    <b>Not connected since ${formatTime(live.since, { milliseconds: false })}.</b> You see what had arrived by then. Is${' '}
    <code>npm start</code> still running? Trying again in ${seconds} s. <button class="button" onClick=${tryNow}>Try now</button>
  </div>`;
}
