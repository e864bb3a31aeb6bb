import { html } from 'htm/preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TransactionItem } from '../../api/contract.ts';
import { keyNameOf } from '../keys.ts';
import { useStore } from '../store.ts';
import { isNarrow } from './data-table.ts';
import { useKeys } from './use-keys.ts';
import { WaterfallRow } from './waterfall-row.ts';
import { band, NamesDivider, namesWidth, Ruler } from './waterfall-ruler.ts';
import { createWaterfallScale } from './waterfall-scale.ts';
import { linesOf } from './waterfall-tree.ts';
import { showRow, useRowWindow } from './window-rows.ts';

const HEAD_PX = 34;

const moveKeys = ['down', 'up', 'pageDown', 'pageUp', 'first', 'last', 'unfold', 'fold'] as const;

export interface WaterfallProps {
  items: readonly TransactionItem[];
  /** When the transaction began, in milliseconds. */
  began: number;
  folded: boolean;
  find: string;
  selected: string | undefined;
  onSelect(id: string | undefined): void;
}

/** A transaction in time: what caused what on the left, how long each took on the right. */
export function Waterfall({ items, began, folded, find, selected, onSelect }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const width = useWidth(box);
  const names = useStore(namesWidth);
  const narrow = isNarrow();
  const height = narrow ? 44 : 28;
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
      width: Math.max(120, width - (narrow ? 0 : names)),
      fold: folded,
      unfolded,
    });
  }, [shown, width, names, folded, unfolded, narrow]);
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
  const jump = (step: 1 | -1) => {
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      if (isFound((lines[index] as (typeof lines)[number]).item, find)) return select(index);
    }
  };
  useKeys({
    nextMatch: () => jump(1),
    lastMatch: () => jump(-1),
    next: () => select(at + 1),
    previous: () => select(at - 1),
  });
  const press = (event: KeyboardEvent) => {
    const name = event.target === box.current ? keyNameOf(event, moveKeys) : undefined;
    if (name === undefined) return;
    const line = lines[at];
    const isOpen = line !== undefined && line.below > 0 && line.open;
    const moves: Readonly<Record<(typeof moveKeys)[number], () => unknown>> = {
      down: () => select(at + 1),
      up: () => select(at < 0 ? 0 : at - 1),
      pageDown: () => select(at + 12),
      pageUp: () => select(at - 12),
      first: () => select(0),
      last: () => select(lines.length - 1),
      unfold: () => line && (line.below > 0 && !line.open ? toggle(line.item.id, true) : select(at + 1)),
      fold: () => line && (isOpen ? toggle(line.item.id, false) : onSelect(line.item.parent ?? line.item.id)),
    };
    moves[name]();
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
    style=${{ '--names': narrow ? '0px' : `${names}px`, '--w-row': `${height}px` }}
  >
    <div class="ruler" role="row" aria-rowindex="1">
      <span role="columnheader">Item${!narrow && html`<${NamesDivider} width=${names} />`}</span>
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
            miss=${!isFound(line.item, find)}
            onSelect=${() => onSelect(line.item.id)}
            onToggle=${() => toggle(line.item.id)}
          />`,
        )}
      </div>
    </div>
  </div>`;
}

/** Whether an item is what is looked for: by its name, its code or its cause. */
export const isFound = (item: TransactionItem, find: string): boolean =>
  find === '' || textOf(item).includes(find.toLowerCase());

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
