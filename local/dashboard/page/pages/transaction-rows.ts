import { html } from 'htm/preact';
import type { TransactionItem } from '../../api/contract.ts';
import { formatDuration, formatTime } from '../format.ts';
import { DataTable, type TableColumn } from '../parts/data-table.ts';
import { mark } from '../parts/status.ts';

const rowColumns: readonly TableColumn<TransactionItem>[] = [
  {
    key: 'time',
    title: 'Time',
    width: '96px',
    value: ({ start }) => start,
    cell: ({ start }) => html`<span class="mono muted">${formatTime(start)}</span>`,
  },
  { key: 'table', title: 'Table', width: '140px', value: ({ table }) => table, cell: ({ table = '' }) => table },
  {
    key: 'name',
    title: 'Item',
    width: 'minmax(0,1fr)',
    value: ({ name }) => name,
    cell: ({ name, ok }) => html`${!ok && mark('failed')} ${name}`,
  },
  { key: 'code', title: 'Result', width: '90px', cell: ({ code = '' }) => code },
  {
    key: 'ms',
    title: 'Duration',
    width: '90px',
    number: true,
    value: ({ ms }) => ms,
    cell: ({ ms }) => (ms === undefined ? '' : formatDuration(ms)),
  },
];

/** The rows of a transaction as they are stored, one after the other. */
export function TransactionRows({
  items,
  selected,
  select,
  find,
}: {
  items: readonly TransactionItem[];
  selected: string | undefined;
  select: (id: string) => void;
  find: string;
}) {
  const shown = items.filter(
    ({ name, table }) => table && `${table} ${name}`.toLowerCase().includes(find.toLowerCase()),
  );
  return html`<${DataTable}
    label="Rows of the transaction"
    columns=${rowColumns}
    rows=${shown}
    rowKey=${({ id }: TransactionItem) => id}
    selected=${selected}
    onSelect=${({ id }: TransactionItem) => select(id)}
  />`;
}
