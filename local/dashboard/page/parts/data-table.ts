import { html } from 'htm/preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type KeyName, keyNameOf } from '../keys.ts';
import { useAddress } from '../router.ts';
import { sortingOf, sortRows } from './sorted-rows.ts';
import { rowId, TableHead, type TableProps, TableRow, toggled } from './table-row.ts';
import { useKeys } from './use-keys.ts';
import { showRow, useRowWindow } from './window-rows.ts';

export type { TableColumn } from './table-row.ts';

const HEAD_PX = 30;
const ROW_PX = 32;
const steps: Readonly<Partial<Record<KeyName, number>>> = {
  next: 1,
  down: 1,
  markDown: 1,
  previous: -1,
  up: -1,
  markUp: -1,
  pageDown: 12,
  pageUp: -12,
  first: -1e9,
  last: 1e9,
};
const tableKeys = [...(Object.keys(steps) as KeyName[]), 'open', 'mark', 'fold', 'unfold'] as const;

/**
 * Rows of one height, of which only those in sight are drawn. One stop of the Tab key: the focus stays on the table, so that
 * rows may come and go below it. The address has the order: `sort=-started`.
 */
export function DataTable<T>(props: TableProps<T>) {
  const { label, columns, rowKey, selected, rowHeight = ROW_PX } = props;
  const box = useRef<HTMLDivElement>(null);
  const sorting = sortingOf(useAddress().params.get('sort'), columns);
  const rows = useMemo(
    () => (props.ordered ? props.rows : sortRows(props.rows, columns, sorting)),
    [props.rows, props.ordered, columns, sorting?.key, sorting?.down],
  );
  const { first, last } = useRowWindow(box, { count: rows.length, height: rowHeight, head: HEAD_PX });
  // Without a selection of its page the table still has a row that the keys act on.
  const [own, setOwn] = useState<string | undefined>();
  const current = props.onSelect ? selected : own;
  const at = current === undefined ? -1 : rows.findIndex((row) => rowKey(row) === current);
  useEffect(() => {
    if (last >= rows.length && rows.length > 0) props.onEnd?.();
  }, [last, rows.length]);
  const select = (row: T) => (props.onSelect ? props.onSelect(row) : setOwn(rowKey(row)));
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step));
    const row = rows[next];
    if (!row) return undefined;
    select(row);
    showRow(box.current, next, { height: rowHeight, head: HEAD_PX });
    return row;
  };
  useKeys({ next: () => move(1), previous: () => move(-1) });
  const press = (event: KeyboardEvent) => {
    const isHandled = event.target === box.current && act(props, event, { row: rows[at], move });
    if (!isHandled) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = rows.slice(first, last);
  return html`<div
    class="grid"
    role="grid"
    tabindex="0"
    aria-label=${label}
    aria-rowcount=${(props.total ?? rows.length) + 1}
    aria-multiselectable=${props.marked ? 'true' : undefined}
    aria-activedescendant=${at >= first && at < last ? rowId(label, at) : undefined}
    ref=${box}
    onKeyDown=${press}
    style=${sizesOf(props, rowHeight)}
  >
    <div class="grid-row grid-head" role="row" aria-rowindex="1">
      ${columns.map((column) => html`<${TableHead} key=${column.key} column=${column} sorting=${sorting} />`)}
    </div>
    <div class="window" role="rowgroup" style=${{ height: `${rows.length * rowHeight}px` }}>
      <div class="shift" role="presentation" style=${{ transform: `translateY(${first * rowHeight}px)` }}>
        ${shown.map((row, index) => html`<${TableRow} key=${rowKey(row)} table=${props} row=${row} at=${first + index} current=${current} select=${select} />`)}
      </div>
    </div>
  </div>`;
}

const sizesOf = <T>({ columns, leastWidth = 0, height }: TableProps<T>, rowHeight: number) => ({
  '--columns': columns.map(({ width }) => width).join(' '),
  '--row': `${rowHeight}px`,
  '--least': `${leastWidth}px`,
  height: height ? `${height}px` : '100%',
});

/** What a key does to a table. Answers whether it did something. */
function act<T>(
  { columns, rowKey, onOpen, marked, onMark, cell, onCell }: TableProps<T>,
  event: KeyboardEvent,
  { row, move }: { row: T | undefined; move: (step: number) => T | undefined },
): boolean {
  const name = keyNameOf(event, tableKeys);
  if (name === undefined) return false;
  const step = steps[name];
  const mark = (...rows: (T | undefined)[]) =>
    onMark?.(new Set([...(marked ?? []), ...rows.flatMap((each) => (each === undefined ? [] : rowKey(each)))]));
  if (name === 'markDown' || name === 'markUp') {
    if (onMark) mark(row, move(step ?? 0));
  } else if (step !== undefined) move(step);
  else if (name === 'open' && row && onOpen) onOpen(row);
  else if (name === 'mark' && row && onMark) onMark(toggled(marked, rowKey(row)));
  else if ((name === 'fold' || name === 'unfold') && row && onCell) {
    const index = columns.findIndex(({ key }) => key === cell) + (name === 'fold' ? -1 : 1);
    onCell(columns[Math.max(0, Math.min(columns.length - 1, index))]?.key ?? '');
  } else return false;
  return true;
}

/** Whether the window has the width of a phone. */
export const isNarrow = (): boolean => matchMedia('(max-width: 719px)').matches;
