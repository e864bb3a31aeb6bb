import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { icon } from '../parts/icons.ts';
import { setParams } from '../router.ts';

/** The parameters of an address that transactions are filtered by, in words. */
const fields = [
  ['q', 'contains', 'Text: a name or any id'],
  ['destination', 'to', 'Destination'],
  ['outcome', 'outcome', 'Outcome'],
  ['min', 'at least, ms:', 'Duration of at least, ms'],
] as const;
type Field = (typeof fields)[number][0];

const outcomes = ['delivered', 'answered', 'waiting', 'dead-lettered', 'rejected', 'failed', 'retried', 'slow'];
/** Those that the buttons beside already say. */
const ofButtons = new Set(['failed', 'retried', 'waiting', 'slow']);

/** What is filtered by, each with its end, and the way to one more. */
export function TransactionFilters({ params }: { params: URLSearchParams }) {
  const chips = fields.flatMap(([name, word]) => {
    const value = params.get(name);
    return value && !(name === 'outcome' && ofButtons.has(value)) ? [{ name, word, value }] : [];
  });
  return html`${chips.map(
    ({ name, word, value }) =>
      html`<button key=${name} class="button" aria-label="Remove filter ${word} ${value}" onClick=${() => setParams({ [name]: undefined })}>${word} <b class="cut" style=${{ maxWidth: '180px' }}>${value}</b> ×</button>`,
  )}<${AddFilter} />`;
}

function AddFilter() {
  const [field, setField] = useState<Field | undefined>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!field) return;
    box.current?.querySelector<HTMLElement>('[name=value]')?.focus();
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setField(undefined);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [field]);
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const value = String(new FormData(event.target as HTMLFormElement).get('value') ?? '').trim();
    if (field && value) setParams({ [field]: value }, { push: true });
    setField(undefined);
    box.current?.querySelector('button')?.focus();
  };
  const leave = (event: KeyboardEvent) => event.key === 'Escape' && setField(undefined);
  return html`<div class="anchor" ref=${box} onKeyDown=${leave}>
    <button class="button quiet" aria-expanded=${String(field !== undefined)} onClick=${() => setField(field ? undefined : 'destination')}>${icon('plus', 12)} Add filter</button>
    ${
      field &&
      html`<form class="popover form" aria-label="Add a filter" onSubmit=${apply}>
        <label>Filter by
          <select class="input" value=${field} onChange=${(event: Event) => setField((event.target as HTMLSelectElement).value as Field)}>
            ${fields.map(([name, , words]) => html`<option value=${name}>${words}</option>`)}
          </select>
        </label>
        <label>Value
          ${
            field === 'outcome'
              ? html`<select class="input" name="value">${outcomes.map((each) => html`<option>${each}</option>`)}</select>`
              : html`<input key=${field} class="input" name="value" required ...${field === 'min' ? { type: 'number', min: 1 } : { type: 'text' }} />`
          }
        </label>
        <button class="button primary" type="submit">Filter</button>
      </form>`
    }
  </div>`;
}
