import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { TableSchema } from '../../api/contract.ts';
import { formatCount } from '../format.ts';
import { icon } from '../parts/icons.ts';

/** The tables with their rows, and their columns with their types. A click writes the name into the query. */
export function SchemaBrowser({ schema, insert }: { schema: TableSchema | undefined; insert: (name: string) => void }) {
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['AppRequests']));
  const toggle = (name: string) => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setOpen(next);
  };
  const text = filter.toLowerCase();
  const matches = (name: string) => name.toLowerCase().includes(text);
  const tables = (schema?.tables ?? [])
    .filter(({ name, columns }) => text === '' || matches(name) || columns.some((column) => matches(column.name)))
    .sort((a, b) => Number(b.rows > 0) - Number(a.rows > 0) || a.name.localeCompare(b.name));
  return html`<section class="card schema" aria-label="Tables">
    <div style=${{ padding: '8px' }}>
      <input class="input" type="search" aria-label="Filter tables" placeholder="Filter tables" value=${filter} onInput=${(event: InputEvent) => setFilter((event.target as HTMLInputElement).value)} />
    </div>
    <ul tabindex="0" aria-label="Tables and columns">
      ${tables.map(
        ({ name, rows, columns, fromLevel }) => html`<li key=${name}>
          <button class="schema-table ${rows === 0 ? 'pale' : ''}" aria-expanded=${String(open.has(name))} onClick=${() => toggle(name)} onDblClick=${() => insert(name)}>
            ${icon(open.has(name) ? 'down' : 'right', 12)} <span class="cut">${name}</span>
            <span class="push pale" title=${rows === 0 && fromLevel ? `from level ${fromLevel} on` : ''}>${formatCount(rows)}</span>
          </button>
          ${
            open.has(name) &&
            html`<ul>
              ${columns
                .filter((column) => text === '' || matches(name) || matches(column.name))
                .map(
                  (column) =>
                    html`<li><button class="schema-column" onClick=${() => insert(column.name)}><span class="mono cut">${column.name}</span><span class="pale push">${column.type}</span></button></li>`,
                )}
            </ul>`
          }
        </li>`,
      )}
    </ul>
  </section>`;
}
