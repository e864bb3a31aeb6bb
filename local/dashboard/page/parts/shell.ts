import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LevelList, QueueList } from '../../api/contract.ts';
import { keyList } from '../keys.ts';
import { useResource, waitedFor } from '../resource.ts';
import { useAddress } from '../router.ts';
import { useStore } from '../store.ts';
import { rangeOf } from '../url-state.ts';
import { icon } from './icons.ts';
import { Nav } from './nav.ts';
import { OfflineBand, TopBar } from './top-bar.ts';
import { singleKeys, switchSingleKeys, useKeys } from './use-keys.ts';

/**
 * The frame of each page. `filled`: the page uses the height of the window and scrolls inside. The
 * window has its title.
 */
export function Shell({
  title,
  crumb,
  filled,
  children,
}: {
  title: string;
  crumb?: ComponentChildren;
  filled?: boolean;
  children?: ComponentChildren;
}) {
  const { search } = useAddress();
  const levels = useResource<LevelList>('levels', ['run']).data;
  const queues = useResource<QueueList>(`queues?${rangeOf(search)}`, ['queues']).data;
  const busy = useStore(waitedFor) > 0;
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · ${levels?.run.name ?? 'Azure on your machine'}`;
  }, [title, levels?.run.name]);
  const levelName = levels?.levels.find(({ level }) => level === levels.run.level)?.name ?? '';
  return html`<a class="skip" href="#main" onClick=${() => main.current?.focus()}>Skip to the page</a>
    <${Nav} run=${levels?.run} levelName=${levelName} queues=${queues} />
    <${TopBar} title=${title} crumb=${crumb} />
    <main id="main" tabindex="-1" ref=${main} aria-busy=${String(busy)}>
      <${OfflineBand} />
      <div class="page ${filled ? 'filled' : ''}">${children}</div>
    </main>
    ${busy && html`<div class="loading-bar" aria-hidden="true" />`}
    <${KeyHelp} />`;
}

function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  const on = useStore(singleKeys);
  useKeys({ '?': () => (dialog.current?.open ? dialog.current.close() : dialog.current?.showModal()) });
  return html`<dialog ref=${dialog} aria-label="Keys">
    <div class="card">
      <header>
        <h2>Keys</h2>
        <button class="button icon quiet push" aria-label="Close" onClick=${() => dialog.current?.close()}>${icon('close')}</button>
      </header>
      <div class="body">
        <dl class="pairs">
          ${keyList.map(([keys, what]) => html`<dt><kbd>${keys}</kbd></dt><dd>${what}</dd>`)}
        </dl>
        <p><label><input type="checkbox" checked=${on} onChange=${switchSingleKeys} /> Keys without Ctrl, Alt or Shift</label></p>
      </div>
    </div>
  </dialog>`;
}
