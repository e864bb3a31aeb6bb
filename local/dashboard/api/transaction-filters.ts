import { Refused } from './api-problem.ts';
import type { OutcomeKind } from './contract.ts';

export const outcomes: readonly OutcomeKind[] = [
  'delivered',
  'answered',
  'waiting',
  'dead-lettered',
  'rejected',
  'failed',
];

export interface TransactionFilters {
  q: string;
  outcome: string;
  destination: string;
  minMs: number;
  /** Message ids of files whose name holds `q`. */
  namedIds: readonly string[];
  /** Without it, the newest come first. */
  order: { column: string; down: boolean } | undefined;
  /** The last row of the page before: its time and operation. */
  after: { started: string; operationId: string } | undefined;
}

/** Reads the filters of an address. Throws `Refused`. */
export function readFilters(
  query: URLSearchParams,
  idsOfFile: (name: string) => readonly string[],
): TransactionFilters {
  const q = (query.get('q') ?? '').trim();
  const [started, operationId] = (query.get('cursor') ?? '').split('|');
  const minMs = Number(query.get('min') ?? 0);
  const outcome = query.get('outcome') ?? '';
  if (!['', 'failed', 'retried', 'slow', ...outcomes].includes(outcome)) throw wrong(`"${outcome}" is no outcome.`);
  if (!(minMs >= 0)) throw wrong('"min" is a number of milliseconds.');
  const after = started && operationId !== undefined ? { started, operationId } : undefined;
  if (after && Number.isNaN(Date.parse(after.started))) throw wrong('"cursor" is none that this server gave.');
  const sort = /^(-?)(\w+)$/.exec(query.get('sort') ?? '');
  const column = sort && columns[sort[2] ?? ''];
  const order = sort && column ? { column, down: sort[1] === '-' } : undefined;
  const namedIds = q === '' ? [] : idsOfFile(q);
  return { q, outcome, destination: query.get('destination') ?? '', minMs, namedIds, order, after };
}

/** By what the address may sort; every other order is the newest first. */
const columns: Readonly<Record<string, string>> = {
  started: 'started',
  outcome: 'outcome',
  attempts: 'attempts',
  duration: 'durationMs',
};

const wrong = (detail: string) =>
  new Refused(400, { title: 'The filter is wrong', detail, remedy: 'Clear the filters of the page.' });

export const isFiltered = ({ q, outcome, destination, minMs }: TransactionFilters): boolean =>
  q !== '' || outcome !== '' || destination !== '' || minMs > 0;
