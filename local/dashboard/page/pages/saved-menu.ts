import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SavedQueries } from '../../api/contract.ts';
import { icon } from '../parts/icons.ts';
import { useStore } from '../store.ts';
import { forgetQuery, ownQueries, saveQuery } from './own-queries.ts';

/** The reader's own queries, and those of the repository's dashboards and alerts. */
export function SavedMenu({
  saved,
  choose,
  query,
}: {
  saved: SavedQueries | undefined;
  choose: (query: string) => unknown;
  /** What stands in the editor. */
  query: () => string;
}) {
  const [open, setOpen] = useState(false);
  const own = useStore(ownQueries);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const take = (text: string) => () => {
    setOpen(false);
    choose(text);
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const name = box.current?.querySelector('input')?.value.trim();
    if (name) saveQuery({ name, query: query() });
    (event.target as HTMLFormElement).reset();
  };
  return html`<div class="anchor" ref=${box} onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && setOpen(false)}>
    <button class="button quiet" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>Saved queries ${icon('down', 12)}</button>
    ${
      open &&
      html`<div class="popover saved">
        <form class="row" onSubmit=${save}>
          <input class="input" aria-label="Name of this query" placeholder="Name of this query" required maxlength="80" />
          <button class="button" type="submit">Save</button>
        </form>
        <ul aria-label="Saved queries">
          ${own.map(
            ({ name, query: text }) => html`<li key=${`own ${name}`} class="own-query">
              <button onClick=${take(text)}><span class="cut">${name}</span> <span class="push pale">yours</span></button>
              <button aria-label="Forget ${name}" onClick=${() => forgetQuery(name)}>${icon('close', 12)}</button>
            </li>`,
          )}
          ${(saved?.queries ?? []).map(
            ({ name, title, kind, question, query: text }) => html`<li key=${kind + name}>
              <button title=${question} onClick=${take(text)}><span class="cut">${title}</span> <span class="push pale">${kind}</span></button>
            </li>`,
          )}
        </ul>
      </div>`
    }
  </div>`;
}
