import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SavedQueries } from '../../api/contract.ts';
import { icon } from '../parts/icons.ts';

/** The queries of the repository's own dashboards and alerts. */
export function SavedMenu({ saved, choose }: { saved: SavedQueries | undefined; choose: (query: string) => unknown }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  return html`<div class="anchor" ref=${box} onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && setOpen(false)}>
    <button class="button quiet" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>Saved queries ${icon('down', 12)}</button>
    ${
      open &&
      html`<ul class="popover saved">
        ${(saved?.queries ?? []).map(
          ({ name, title, kind, question, query }) => html`<li key=${kind + name}>
            <button
              title=${question}
              onClick=${() => {
                setOpen(false);
                choose(query);
              }}
            >
              <span class="cut">${title}</span> <span class="push pale">${kind}</span>
            </button>
          </li>`,
        )}
      </ul>`
    }
  </div>`;
}
