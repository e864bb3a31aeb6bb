import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTime } from '../format.ts';
import { liveState, pauseLive, tryNow } from '../live-changes.ts';
import { go, to } from '../router.ts';
import { useStore } from '../store.ts';
import { switchTheme } from '../theme.ts';
import { icon } from './icons.ts';
import { RangeChoice } from './range-choice.ts';
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
