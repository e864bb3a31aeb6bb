import { html } from 'htm/preact';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LevelList } from '../../api/contract.ts';
import { useResource, waitedFor } from '../resource.ts';
import { useStore } from '../store.ts';
import { Nav } from './nav.ts';
import { OfflineBand, TopBar } from './top-bar.ts';
import { useKeys } from './use-keys.ts';

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
  const levels = useResource<LevelList>('levels', ['run']).data;
  const busy = useStore(waitedFor) > 0;
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · ${levels?.run.name ?? 'Azure on your machine'}`;
  }, [title, levels?.run.name]);
  const levelName = levels?.levels.find(({ level }) => level === levels.run.level)?.name ?? '';
  return html`<a class="skip" href="#main" onClick=${() => main.current?.focus()}>Skip to the page</a>
    <${Nav} run=${levels?.run} levelName=${levelName} />
    <${TopBar} title=${title} crumb=${crumb} />
    <main id="main" tabindex="-1" ref=${main} aria-busy=${String(busy)}>
      <${OfflineBand} />
      <div class="page ${filled ? 'filled' : ''}">${children}</div>
    </main>
    ${busy && html`<div class="loading-bar" aria-hidden="true" />`}
    <${Dialogs} />`;
}

type Dialog = 'KeyHelp' | 'CommandList';

/** The list of keys and that of commands, fetched when one is asked for. */
function Dialogs() {
  const [asked, ask] = useState<Dialog | undefined>();
  const [parts, setParts] = useState<Readonly<Record<Dialog, ComponentType<{ close: () => void }>>> | undefined>();
  const toggle = (dialog: Dialog) => () => ask((before) => (before === dialog ? undefined : dialog));
  useKeys({ help: toggle('KeyHelp'), commands: toggle('CommandList') });
  const isAsked = asked !== undefined;
  useEffect(() => {
    // What cannot be fetched is asked for again by the next key.
    if (isAsked && !parts) import('./dialogs.ts').then(setParts).catch(() => ask(undefined));
  }, [isAsked, parts]);
  return asked && parts && html`<${parts[asked]} close=${() => ask(undefined)} />`;
}
