import { html } from 'htm/preact';
import { formatDuration } from '../format.ts';
import { createStore } from '../store.ts';
import type { WaterfallScale } from './waterfall-scale.ts';

const TICK_PX = 52;
const LEAST_NAMES_PX = 200;
const MOST_NAMES_PX = 520;
const STEP_PX = 16;
const key = 'names-width';

/** The width of the names in pixels, which this browser keeps. */
export const namesWidth = createStore(within(Number(localStorage.getItem(key) || 300)));

function within(width: number): number {
  return Math.round(Math.min(MOST_NAMES_PX, Math.max(LEAST_NAMES_PX, width || 300)));
}

function setNamesWidth(width: number): void {
  namesWidth.set(within(width));
  localStorage.setItem(key, String(namesWidth.get()));
}

/** Between names and times: dragged, or moved by the arrows. */
export function NamesDivider({ width }: { width: number }) {
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: width - STEP_PX,
      ArrowRight: width + STEP_PX,
      Home: LEAST_NAMES_PX,
      End: MOST_NAMES_PX,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    setNamesWidth(next);
    event.preventDefault();
    event.stopPropagation();
  };
  const drag = (event: PointerEvent) => {
    const divider = event.currentTarget as HTMLElement;
    const began = event.clientX - width;
    divider.setPointerCapture(event.pointerId);
    divider.onpointermove = (move) => setNamesWidth(move.clientX - began);
    divider.onpointerup = () => {
      divider.onpointermove = null;
    };
  };
  return html`<i
    class="divider"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label="Width of the names"
    aria-valuenow=${width}
    aria-valuemin=${LEAST_NAMES_PX}
    aria-valuemax=${MOST_NAMES_PX}
    onKeyDown=${press}
    onPointerDown=${drag}
  />`;
}

type ScaleSegment = WaterfallScale['segments'][number];

/** Behind the rows: where a part begins, and what is folded. */
export const band = ({ folded, left, width, idle }: ScaleSegment) =>
  folded
    ? html`<i class="fold" style=${{ left: `${left}px`, width: `${width}px` }} />`
    : html`<i class="line" style=${{ left: `${left}px`, opacity: idle ? 0.5 : 1 }} />`;

/** Where each part begins, and how long what is folded really was. */
export function Ruler({ scale, open }: { scale: WaterfallScale; open: (from: number) => void }) {
  const zero = scale.segments[0]?.from ?? 0;
  return scale.segments.map(({ from, to, left, width, folded, idle }) => {
    if (folded) {
      return html`<button class="fold" style=${{ left: `${left}px`, width: `${width}px` }} aria-label="${short(to - from)} of waiting: unfold" onClick=${() => open(from)}>
        ${short(to - from)}
      </button>`;
    }
    if (idle || (from !== zero && width < TICK_PX)) return null;
    return html`<span class="tick" style=${{ left: `${left + 4}px` }}>${from === zero ? '0' : formatDuration(from - zero)}</span>`;
  });
}

/** A length in the room of a fold. */
const short = (ms: number) => (ms < 60_000 && ms >= 1_000 ? `${Math.round(ms / 1_000)}\u00a0s` : formatDuration(ms));
