import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { setParams } from '../router.ts';
import { nextSort, type Sorting, type SortValue } from './sorted-rows.ts';

export interface TableColumn<T> {
  key: string;
  title: string;
  /** Of the grid: `96px`, `1.3fr`. */
  width: string;
  number?: boolean;
  /** What the rows are sorted by; without it the column has no order. */
  value?(row: T): SortValue;
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
  /** Rows that a person has marked, by their keys; with it `x` and Shift with arrows mark. */
  marked?: ReadonlySet<string>;
  onMark?(marked: ReadonlySet<string>): void;
  /** Arrows go from cell to cell too, and this is told where they are. */
  cell?: string | undefined;
  onCell?(column: string): void;
  /** The rows come in the order of the address already. */
  ordered?: boolean;
  /** In pixels. Without it the table fills its place. */
  height?: number;
  /** Pixels below which it scrolls sideways. */
  leastWidth?: number;
  /** Two lines a row, on a narrow window. */
  rowHeight?: number;
  /** The last rows are near: there may be more to ask for. */
  onEnd?(): void;
}

/** Of a row, for `aria-activedescendant`. */
export const rowId = (label: string, at: number) => `${label.replaceAll(/\W+/g, '-')}-row-${at}`;

/** The head of a column: a button where the column has an order. */
export function TableHead<T>({ column, sorting }: { column: TableColumn<T>; sorting: Sorting | undefined }) {
  const { title, number, value, key } = column;
  const mine = sorting?.key === key ? sorting : undefined;
  const sort = mine && (mine.down ? 'descending' : 'ascending');
  return html`<span role="columnheader" class=${number ? 'number' : ''} aria-sort=${sort}>
    ${
      value
        ? html`<button class="sort" onClick=${() => setParams({ sort: nextSort(column, sorting) })}>${title}${mine && html`<span aria-hidden="true"> ${mine.down ? '↓' : '↑'}</span>`}</button>`
        : title
    }
  </span>`;
}

export function TableRow<T>({
  table,
  row,
  at,
  current,
  select,
}: {
  table: TableProps<T>;
  row: T;
  at: number;
  current: string | undefined;
  select: (row: T) => void;
}) {
  const { columns, rowKey, onOpen, marked, onMark, cell: chosen, onCell } = table;
  const key = rowKey(row);
  const isMarked = marked?.has(key) === true;
  return html`<div
    id=${rowId(table.label, at)}
    class="grid-row body"
    role="row"
    aria-rowindex=${at + 2}
    aria-selected=${String(key === current || isMarked)}
    data-marked=${isMarked ? 'true' : undefined}
    data-opens=${onOpen ? 'true' : undefined}
    onClick=${(event: MouseEvent) => (onMark && (event.ctrlKey || event.metaKey || event.shiftKey) ? onMark(toggled(marked, key)) : (onOpen ?? select)(row))}
  >
    ${columns.map(
      ({ key: name, number, cell }) =>
        html`<span key=${name} role="gridcell" class=${number ? 'number' : ''} data-chosen=${key === current && name === chosen ? 'true' : undefined} onClick=${onCell && (() => onCell(name))}>${cell(row)}</span>`,
    )}
  </div>`;
}

/** What is marked once the row of a key is marked, or is not any more. */
export function toggled(marked: ReadonlySet<string> | undefined, key: string): ReadonlySet<string> {
  const next = new Set(marked);
  if (!next.delete(key)) next.add(key);
  return next;
}
