import { html } from 'htm/preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TransactionItem } from '../../api/contract.ts';
import { formatDuration } from '../format.ts';
import { isNarrow } from './data-table.ts';
import { useKeys } from './use-keys.ts';
import { WaterfallRow } from './waterfall-row.ts';
import { createWaterfallScale, type WaterfallScale } from './waterfall-scale.ts';
import { linesOf } from './waterfall-tree.ts';
import { showRow, useRowWindow } from './window-rows.ts';

const HEAD_PX = 34;
const NAMES_PX = 300;
const TICK_PX = 52;

export interface WaterfallProps {
  items: readonly TransactionItem[];
  folded: boolean;
  find: string;
  selected: string | undefined;
  onSelect(id: string | undefined): void;
}

/** A transaction in time: what caused what on the left, how long each took on the right. */
export function Waterfall({ items, folded, find, selected, onSelect }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const width = useWidth(box);
  const narrow = isNarrow();
  const height = narrow ? 44 : 28;
  const began = useMemo(() => Math.min(...items.map(({ start }) => Date.parse(start))), [items]);
  // On a phone there is no room for what has no length.
  const shown = useMemo(
    () => (narrow ? items.filter(({ kind }) => kind === 'request' || kind === 'call' || kind === 'wait') : items),
    [items, narrow],
  );
  const lines = useMemo(() => linesOf(shown, closed), [shown, closed]);
  const scale = useMemo(() => {
    const stretches = shown.map(({ start, ms, kind }) => ({
      start: Date.parse(start) - began,
      ms,
      waits: kind === 'wait',
    }));
    return createWaterfallScale(stretches, {
      width: Math.max(120, width - (narrow ? 0 : NAMES_PX)),
      fold: folded,
      unfolded,
    });
  }, [shown, width, folded, unfolded, narrow]);
  const { first, last } = useRowWindow(box, { count: lines.length, height, head: HEAD_PX });
  const at = lines.findIndex(({ item }) => item.id === selected);
  const toggle = (id: string, open?: boolean) =>
    setClosed((before) => {
      const next = new Set(before);
      if (open ?? next.has(id)) next.delete(id);
      else next.add(id);
      return next;
    });
  const select = (index: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))];
    if (line) onSelect(line.item.id);
  };
  useEffect(() => {
    if (at >= 0) showRow(box.current, at, { height, head: HEAD_PX });
  }, [at]);
  const matches = (item: TransactionItem) => find === '' || textOf(item).includes(find.toLowerCase());
  const jump = (step: 1 | -1) => {
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      if (matches((lines[index] as (typeof lines)[number]).item)) return select(index);
    }
  };
  useKeys({
    nextMatch: () => jump(1),
    lastMatch: () => jump(-1),
    next: () => select(at + 1),
    previous: () => select(at - 1),
  });
  const press = (event: KeyboardEvent) => {
    const line = lines[at];
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => select(at + 1),
      ArrowUp: () => select(at < 0 ? 0 : at - 1),
      PageDown: () => select(at + 12),
      PageUp: () => select(at - 12),
      Home: () => select(0),
      End: () => select(lines.length - 1),
      ArrowRight: () => line && (line.below > 0 && !line.open ? toggle(line.item.id, true) : select(at + 1)),
      ArrowLeft: () =>
        line &&
        (line.below > 0 && line.open ? toggle(line.item.id, false) : onSelect(line.item.parent ?? line.item.id)),
    };
    const move = event.target === box.current ? moves[event.key] : undefined;
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    move();
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div
    class="waterfall"
    role="treegrid"
    tabindex="0"
    aria-label="Items of the transaction"
    aria-rowcount=${lines.length + 1}
    aria-activedescendant=${at >= first && at < last ? `item-${at}` : undefined}
    ref=${box}
    onKeyDown=${press}
    style=${{ '--names': narrow ? '0px' : `${NAMES_PX}px`, '--w-row': `${height}px` }}
  >
    <div class="ruler" role="row" aria-rowindex="1">
      <span role="columnheader">Item</span>
      <div class="scale" role="columnheader" aria-label="Time"><${Ruler} scale=${scale} open=${(from: number) => setUnfolded(new Set([...unfolded, from]))} /></div>
    </div>
    <div class="bands" aria-hidden="true" style=${{ height: `${lines.length * height}px` }}>${scale.segments.map(band)}</div>
    <div class="window" role="rowgroup" style=${{ height: `${lines.length * height}px` }}>
      <div class="shift" role="presentation" style=${{ transform: `translateY(${first * height}px)` }}>
        ${lines.slice(first, last).map(
          (line, index) => html`<${WaterfallRow}
            key=${line.item.id}
            line=${line}
            index=${first + index}
            scale=${scale}
            began=${began}
            narrow=${narrow}
            selected=${line.item.id === selected}
            miss=${!matches(line.item)}
            onSelect=${() => onSelect(line.item.id)}
            onToggle=${() => toggle(line.item.id)}
          />`,
        )}
      </div>
    </div>
  </div>`;
}

const textOf = ({ name, code = '', cause = '' }: TransactionItem) => `${name} ${code} ${cause}`.toLowerCase();

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(700);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    setWidth(element.clientWidth);
    return () => sizes.disconnect();
  }, []);
  return width;
}

type ScaleSegment = WaterfallScale['segments'][number];

const band = ({ folded, left, width, idle }: ScaleSegment) =>
  folded
    ? html`<i class="fold" style=${{ left: `${left}px`, width: `${width}px` }} />`
    : html`<i class="line" style=${{ left: `${left}px`, opacity: idle ? 0.5 : 1 }} />`;

/** Where each part begins, and how long what is folded really was. */
function Ruler({ scale, open }: { scale: WaterfallScale; open: (from: number) => void }) {
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
