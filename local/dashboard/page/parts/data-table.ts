import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useKeys } from './use-keys.ts';
import { showRow, useRowWindow } from './window-rows.ts';

export interface TableColumn<T> {
  key: string;
  title: string;
  /** Of the grid: `96px`, `1.3fr`. */
  width: string;
  number?: boolean;
  cell(row: T): ComponentChildren;
}

export interface TableProps<T> {
  label: string;
  columns: readonly TableColumn<T>[];
  rows: readonly T[];
  /** Of all, where only the first are here. */
  total?: number;
  rowKey(row: T): string;
  selected?: string | undefined;
  onSelect?(row: T): void;
  onOpen?(row: T): void;
  /** In pixels. Without it the table fills its place. */
  height?: number;
  /** Pixels below which it scrolls sideways. */
  leastWidth?: number;
  /** Two lines a row, on a narrow window. */
  rowHeight?: number;
  /** The last rows are near: there may be more to ask for. */
  onEnd?(): void;
}

const HEAD_PX = 30;
const ROW_PX = 32;
const pageKeys: Readonly<Record<string, number>> = {
  j: 1,
  ArrowDown: 1,
  k: -1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -1e9,
  End: 1e9,
};

/**
 * Rows of one height, of which only those in sight are drawn. One stop of the Tab key: the focus stays on the table, so that
 * rows may come and go below it.
 */
export function DataTable<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, selected, onSelect, onOpen, rowHeight = ROW_PX } = props;
  const box = useRef<HTMLDivElement>(null);
  const { first, last } = useRowWindow(box, { count: rows.length, height: rowHeight, head: HEAD_PX });
  const at = selected === undefined ? -1 : rows.findIndex((row) => rowKey(row) === selected);
  useEffect(() => {
    if (last >= rows.length && rows.length > 0) props.onEnd?.();
  }, [last, rows.length]);
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step));
    const row = rows[next];
    if (!row || !onSelect) return;
    onSelect(row);
    showRow(box.current, next, { height: rowHeight, head: HEAD_PX });
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  const press = (event: KeyboardEvent) => {
    const step = pageKeys[event.key];
    const row = rows[at];
    if (event.target !== box.current || event.ctrlKey || event.altKey || event.metaKey) return;
    if (step !== undefined && onSelect) move(step);
    else if (event.key === 'Enter' && row && onOpen) onOpen(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div
    class="grid"
    role="grid"
    tabindex="0"
    aria-label=${label}
    aria-rowcount=${(props.total ?? rows.length) + 1}
    aria-activedescendant=${at >= first && at < last ? `row-${at}` : undefined}
    ref=${box}
    onKeyDown=${press}
    style=${{ '--columns': columns.map(({ width }) => width).join(' '), '--row': `${rowHeight}px`, '--least': `${props.leastWidth ?? 0}px`, height: props.height ? `${props.height}px` : '100%' }}
  >
    <div class="grid-row grid-head" role="row" aria-rowindex="1">
      ${columns.map(({ title, number }) => html`<span role="columnheader" class=${number ? 'number' : ''}>${title}</span>`)}
    </div>
    <div class="window" role="rowgroup" style=${{ height: `${rows.length * rowHeight}px` }}>
      <div class="shift" role="presentation" style=${{ transform: `translateY(${first * rowHeight}px)` }}>
        ${rows.slice(first, last).map((row, index) => {
          const key = rowKey(row);
          return html`<div
            key=${key}
            id="row-${first + index}"
            class="grid-row body"
            role="row"
            aria-rowindex=${first + index + 2}
            aria-selected=${String(key === selected)}
            data-opens=${onOpen ? 'true' : undefined}
            onClick=${() => (onOpen ?? onSelect)?.(row)}
          >
            ${columns.map(({ key: name, number, cell }) => html`<span key=${name} role="gridcell" class=${number ? 'number' : ''}>${cell(row)}</span>`)}
          </div>`;
        })}
      </div>
    </div>
  </div>`;
}

/** Whether the window has the width of a phone. */
export const isNarrow = (): boolean => matchMedia('(max-width: 719px)').matches;
