import type { AskedRange } from './asked-range.ts';
import { kqlSpan, kqlText, kqlTime } from './kql-text.ts';
import { outcomes, type TransactionFilters } from './transaction-filters.ts';

const SLOW_MS = 1_000;
const bad = 'outcome in ("failed", "rejected", "dead-lettered")';

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

/**
 * KQL that answers one row an operation that began in the range. Its outcome is that of the last time a worker had its message
 * (which `correlation` writes to the row), at level 1 of the SDK's last settlement, or that of the answer where no worker had one.
 * `most` is KQL for how often the broker gives a message of `queue` out before it dead-letters it; `chosen` for the operations to tell of.
 */
function tell(
  range: AskedRange,
  filters: TransactionFilters,
  most: string,
  chosen = candidates(range, filters),
): { lets: string[]; body: string } {
  const { outcome, minMs } = filters;
  const wanted = [
    ...(outcome === 'failed' ? [bad] : []),
    ...(outcome === 'retried' ? ['attempts > 1'] : []),
    ...(outcome === 'slow' ? [`workMs > ${SLOW_MS}`] : []),
    ...(outcomes.some((each) => each === outcome) && outcome !== 'failed' ? [`outcome == ${kqlText(outcome)}`] : []),
    ...(minMs > 0 ? [`durationMs >= ${minMs}`] : []),
  ];
  const lets = [...named(range, filters, most), ...(chosen === undefined ? [] : [`let chosen = ${chosen};`])];
  const body = [
    requestsIn(range),
    ...(chosen === undefined ? [] : ['| where OperationId in (chosen)']),
    ...byName(filters),
    '| extend at = TimeGenerated, ends = TimeGenerated + DurationMs * 1ms, handles = toint(ResultCode) < 100, succeeded = Success',
    '| extend told = iff(handles, tostring(Properties["message.settlement"]), "")',
    '| summarize arg_min(TimeGenerated, Name, ResultCode, Success), arg_max(at, handles, succeeded, told), ended = max(ends), workMs = sum(DurationMs), attempts = countif(handles) by OperationId',
    '| join kind=leftouter settled on OperationId',
    '| extend settlement = iff(handles, told, settlement), attempts = iff(handles, attempts, coalesce(deliveries, attempts)), ended = iff(settledAt > ended, settledAt, ended), code = toint(ResultCode)',
    '| extend outcome = case(settlement == "dead-letter", "dead-lettered", settlement in ("later", "abandon"), "waiting", handles and succeeded or settlement == "complete", "delivered", handles, "failed", code >= 500, "failed", code >= 400, "rejected", OperationId in (queued), "waiting", "answered")',
    '| extend durationMs = (ended - TimeGenerated) / 1ms',
    ...(wanted.length > 0 ? [`| where ${wanted.join(' and ')}`] : []),
  ];
  return { lets, body: body.join('\n') };
}

/** The newest of them, from a place on, or the first of another order. */
export function pageQuery(base: string, { after, order }: TransactionFilters, size: number): string {
  const first = order ? `${order.column} ${order.down ? 'desc' : 'asc'}, ` : '';
  const rest =
    after && !order
      ? [
          `| where TimeGenerated < ${kqlTime(Date.parse(after.started))} or (TimeGenerated == ${kqlTime(Date.parse(after.started))} and strcmp(OperationId, ${kqlText(after.operationId)}) < 0)`,
        ]
      : [];
  return [
    base,
    ...rest,
    '| project started = TimeGenerated, OperationId, Name, code, outcome, attempts, workMs, durationMs, correlationId = tostring(held.correlationId), messageId = tostring(held["messaging.message.id"])',
    `| order by ${first}started desc, OperationId desc`,
    `| take ${size}`,
  ].join('\n');
}

/** KQL for how many operations there are. */
export function countQuery(range: AskedRange, filters: TransactionFilters, most: string): string {
  const { lets, body } = tell(range, filters, most);
  return asksForEnds(filters)
    ? [...lets, body, '| count'].join('\n')
    : [...named(range, filters, most), requestsIn(range), ...byName(filters), '| distinct OperationId', '| count'].join(
        '\n',
      );
}

/** KQL for how many operations went well and badly, over time. */
export function histogramQuery(range: AskedRange, filters: TransactionFilters, most: string): string {
  const by = `by TimeGenerated = bin(TimeGenerated, ${kqlSpan(range.step)})`;
  if (asksForEnds(filters)) {
    const { lets, body } = tell(range, filters, most);
    return [...lets, body, `| summarize ok = countif(not(${bad})), failed = countif(${bad}) ${by}`].join('\n');
  }
  const { lets, body } = tell(range, { ...filters, outcome: 'failed' }, most);
  return [
    ...lets,
    `let failing = ${body}\n| project OperationId;`,
    requestsIn(range),
    ...byName(filters),
    '| summarize TimeGenerated = min(TimeGenerated) by OperationId',
    '| extend isFailed = OperationId in (failing)',
    `| summarize ok = countif(not(isFailed)), failed = countif(isFailed) ${by}`,
  ].join('\n');
}
