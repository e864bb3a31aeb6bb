import { type Row, type TableName, tables } from './tables.ts';

export interface RowFilter {
  operationId?: string | undefined;
  /** A place in the order in which rows came, so that a reader can ask for what is new: from here on, and before there. */
  from?: number | undefined;
  to?: number | undefined;
  /** Without rows that have no name: at level 1 the SDK reports each of its receive calls that brought nothing. */
  named?: boolean | undefined;
  /** At most so many, the newest. */
  last?: number | undefined;
}

/** `rows` are held now, `received` ever came, `dropped` were the oldest when the table was full. */
export interface TableCounts {
  rows: number;
  received: number;
  dropped: number;
}

export interface RecentRows {
  add(rows: readonly Row[]): void;
  /**
   * The rows of a table, oldest first, as they are now: later rows do not join. Places are counted over all rows of the
   * table that ever came. Throws when there is no such table.
   */
  rows(table: string, filter?: RowFilter): Row[];
  counts(): Record<TableName, TableCounts>;
}

/** Keeps the newest `maxRows` rows of each table for readers in this process, which need not wait for a query. */
export function createRecentRows({ maxRows }: { maxRows: number }): RecentRows {
  if (!Number.isInteger(maxRows) || maxRows < 1)
    throw new Error(`maxRows must be a whole number from 1, not ${maxRows}`);
  const names = Object.keys(tables);
  const held = new Map<string, { ring: Row[]; received: number }>();
  for (const name of names) held.set(name, { ring: [], received: 0 });

  const get = (name: string) => {
    const table = held.get(name);
    if (!table) throw new Error(`There is no table "${name}"; choose one of ${names.join(', ')}`);
    return table;
  };

  return {
    add(rows) {
      for (const row of rows) {
        const table = get(row.Type);
        table.ring[table.received % maxRows] = row;
        table.received++;
      }
    },
    rows(name, { operationId, from = 0, to, named, last } = {}) {
      const { ring, received } = get(name);
      const oldest = received > maxRows ? received % maxRows : 0;
      const dropped = received - ring.length;
      const inOrder = [...ring.slice(oldest), ...ring.slice(0, oldest)];
      const found = inOrder
        .slice(Math.max(0, from - dropped), Math.max(0, (to ?? received) - dropped))
        .filter((row) => operationId === undefined || row.OperationId === operationId)
        .filter((row) => !named || hasName(row));
      return last === undefined ? found : found.slice(Math.max(0, found.length - last));
    },
    counts() {
      const entries = [...held].map(([name, { ring, received }]) => [
        name,
        { rows: ring.length, received, dropped: received - ring.length },
      ]);
      return Object.fromEntries(entries);
    },
  };
}

const hasName = ({ Type, Name }: Row): boolean => !('Name' in tables[Type]) || Boolean(Name);
