import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { setParams, useAddress } from '../router.ts';
import { customRange, defaultRange, rangeLabel, rangeOf, ranges } from '../url-state.ts';
import { icon } from './icons.ts';

/** The range of the page: one that ends now and lives, or a custom one that stands still. */
export function RangeChoice() {
  const { search } = useAddress();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const first = box.current?.querySelector<HTMLElement>('[aria-checked=true]');
    (first ?? box.current?.querySelector<HTMLElement>('input'))?.focus();
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    box.current?.querySelector('button')?.focus();
  };
  const choose = (range: string) => {
    setParams({ range: range === defaultRange ? undefined : range, from: undefined, to: undefined });
    close();
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(box.current?.querySelectorAll<HTMLButtonElement>('[role=menuitemradio]') ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (!step || index < 0) return;
    event.preventDefault();
    buttons[(index + step + buttons.length) % buttons.length]?.focus();
  };
  const now = rangeOf(search).get('range');
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
      html`<div class="popover range">
        <div role="menu" aria-label="Last">
          ${ranges.map(
            ([range, label]) =>
              html`<button role="menuitemradio" aria-checked=${String(range === now)} onClick=${() => choose(range)}>${label}</button>`,
          )}
        </div>
        <${Custom} search=${search} close=${close} />
      </div>`
    }
  </div>`;
}

/** Between two times of the reader's own clock. */
function Custom({ search, close }: { search: string; close: () => void }) {
  const [problem, setProblem] = useState('');
  const { from, to } = customRange(search, Date.now());
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const [first, last] = ['from', 'to'].map((name) => new Date(String(fields.get(name))));
    if (!first || !last || !(first < last)) return setProblem('The end must be after the beginning.');
    setParams({ range: undefined, from: first.toISOString(), to: last.toISOString() }, { push: true });
    close();
  };
  return html`<form class="form" aria-label="Custom range" onSubmit=${apply}>
    <label>From <input class="input" type="datetime-local" name="from" step="1" required defaultValue=${from} /></label>
    <label>To <input class="input" type="datetime-local" name="to" step="1" required defaultValue=${to} /></label>
    ${problem && html`<p class="err" role="alert">${problem}</p>`}
    <button class="button primary" type="submit">Use this range</button>
  </form>`;
}
