import { useMemo, useRef, useState } from 'preact/hooks';
import type { ApiAnswer, TransactionList, TransactionRow } from '../../api/contract.ts';
import { getJson, problemIn } from '../ask-server.ts';
import type { Resource } from '../resource.ts';

export interface HeldRows {
  rows: readonly TransactionRow[];
  waiting: number;
  hold(reading: boolean): void;
  release(): void;
  more(): void;
}

/** The rows that are shown: while they are read, later ones wait, so that none moves away under the pointer. */
export function useHeldRows({ data: list, next, stale }: Resource<TransactionList>, filter: string): HeldRows {
  const [, draw] = useState(0);
  const reading = useRef(false);
  const [older, setOlder] = useState<{ filter: string; rows: readonly TransactionRow[]; next: string | undefined }>();
  const held = useRef<{ filter: string; rows: readonly TransactionRow[] }>({ filter, rows: [] });
  const newest = list?.rows ?? [];
  // Until the answer to other filters is there, nothing is worth holding.
  if (!reading.current || held.current.filter !== filter || held.current.rows.length === 0)
    held.current = { filter: stale ? '' : filter, rows: newest };
  else {
    // The rows stay; what becomes of them is still told.
    const now = new Map(newest.map((row) => [row.operationId, row]));
    held.current = { filter, rows: held.current.rows.map((row) => now.get(row.operationId) ?? row) };
  }
  const { rows } = held.current;
  const known = new Set(rows.map(({ operationId }) => operationId));
  const waiting = newest.filter(({ operationId }) => !known.has(operationId)).length;
  const before = older?.filter === filter ? older.rows : none;
  const all = useMemo(
    () => [...rows, ...before.filter(({ operationId }) => !known.has(operationId))],
    [before, rows[0]?.operationId, list],
  );
  const cursor = older?.filter === filter ? older.next : next;
  const asked = useRef('');
  const release = () => {
    reading.current = false;
    if (waiting > 0) draw((count) => count + 1);
  };
  return {
    rows: all,
    waiting,
    release,
    hold(on) {
      if (on) reading.current = true;
      else release();
    },
    more() {
      if (!cursor || asked.current === cursor) return;
      asked.current = cursor;
      getJson<TransactionList>(`transactions?${filter}&cursor=${encodeURIComponent(cursor)}`)
        .then((answer: ApiAnswer<TransactionList>) =>
          setOlder({ filter, rows: [...before, ...answer.data.rows], next: answer.next }),
        )
        .catch(problemIn);
    },
  };
}

const none: readonly TransactionRow[] = [];
