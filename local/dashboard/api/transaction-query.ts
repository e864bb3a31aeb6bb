import { Refused } from './api-problem.ts';
import type { AskedRange } from './asked-range.ts';
import type { OutcomeKind } from './contract.ts';
import { kqlSpan, kqlText, kqlTime } from './kql-text.ts';

const outcomes: readonly OutcomeKind[] = ['delivered', 'answered', 'waiting', 'dead-lettered', 'rejected', 'failed'];
const SLOW_MS = 1_000;
const bad = 'outcome in ("failed", "rejected", "dead-lettered")';

export interface TransactionFilters {
  q: string;
  outcome: string;
  destination: string;
  minMs: number;
  /** Message ids of files whose name holds `q`. */
  namedIds: readonly string[];
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
  const namedIds = q === '' ? [] : idsOfFile(q);
  return { q, outcome, destination: query.get('destination') ?? '', minMs, namedIds, after };
}

const wrong = (detail: string) =>
  new Refused(400, { title: 'The filter is wrong', detail, remedy: 'Clear the filters of the page.' });

export const isFiltered = ({ q, outcome, destination, minMs }: TransactionFilters): boolean =>
  q !== '' || outcome !== '' || destination !== '' || minMs > 0;

/**
 * KQL that answers one row an operation that began in the range. Its outcome is that of the last time a worker had its message
 * (which `correlation` writes to the row), at level 1 of the SDK's last settlement, or that of the answer where no worker had one.
 * `most` is KQL for how often the broker gives a message of `queue` out before it dead-letters it.
 */
export function transactionsQuery(range: AskedRange, filters: TransactionFilters, most: string): string {
  const inRange = range.condition;
  const { q, outcome, destination, minMs, namedIds } = filters;
  const wanted = [
    ...(outcome === 'failed' ? [bad] : []),
    ...(outcome === 'retried' ? ['attempts > 1'] : []),
    ...(outcome === 'slow' ? [`workMs > ${SLOW_MS}`] : []),
    ...(outcomes.some((each) => each === outcome) && outcome !== 'failed' ? [`outcome == ${kqlText(outcome)}`] : []),
    ...(minMs > 0 ? [`durationMs >= ${minMs}`] : []),
    ...(destination === '' ? [] : ['OperationId in (calling)']),
    ...(q === '' ? [] : ['OperationId in (named)']),
  ];
  const mentions = [q, ...namedIds].map((text) => `Properties has ${kqlText(text)}`);
  const begins = `OperationId startswith ${kqlText(q)} or Properties contains ${kqlText(q)}`;
  const named = [...(q.length > 0 ? [begins] : []), ...mentions.slice(1)].join(' or ');
  return [
    `let queued = AppDependencies\n| where ${inRange} and DependencyType == "Queue Message"\n| distinct OperationId;`,
    settledBySdk(inRange, most),
    ...(destination === ''
      ? []
      : [
          `let calling = AppDependencies\n| where ${inRange} and Data contains ${kqlText(destination)}\n| distinct OperationId;`,
        ]),
    ...(q === ''
      ? []
      : [
          `let named = union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents\n| where ${inRange}\n| where ${named}\n| distinct OperationId;`,
        ]),
    'AppRequests',
    `| where ${inRange} and isempty(SyntheticSource) and isnotempty(Name)`,
    '| extend at = TimeGenerated, ends = TimeGenerated + DurationMs * 1ms, handles = toint(ResultCode) < 100, succeeded = Success, held = Properties',
    '| summarize arg_min(TimeGenerated, Name, ResultCode, Success), arg_max(at, handles, succeeded, held), ended = max(ends), workMs = sum(DurationMs), attempts = countif(handles) by OperationId',
    '| join kind=leftouter settled on OperationId',
    '| extend settlement = iff(handles, tostring(held["message.settlement"]), settlement), attempts = iff(handles, attempts, coalesce(deliveries, attempts)), ended = iff(settledAt > ended, settledAt, ended), code = toint(ResultCode)',
    '| extend outcome = case(settlement == "dead-letter", "dead-lettered", settlement in ("later", "abandon"), "waiting", handles and succeeded or settlement == "complete", "delivered", handles, "failed", code >= 500, "failed", code >= 400, "rejected", OperationId in (queued), "waiting", "answered")',
    '| extend durationMs = (ended - TimeGenerated) / 1ms',
    ...(wanted.length > 0 ? [`| where ${wanted.join(' and ')}`] : []),
  ].join('\n');
}

/** The last settlement of each operation's message as the SDK tells it: by a span of its own, linked to the sending. */
const settledBySdk = (inRange: string, most: string): string =>
  [
    'let settled = AppDependencies',
    `| where ${inRange} and Name in~ ("ServiceBusReceiver.complete", "ServiceBusReceiver.abandon", "ServiceBusReceiver.deadLetter", "ServiceBusReceiver.defer")`,
    `| extend OperationId = extract('"operation_Id":"([^"]+)"', 1, tostring(Properties["_MS.links"])), queue = tostring(Properties["messaging.destination.name"]), ends = TimeGenerated + DurationMs * 1ms`,
    '| summarize arg_max(TimeGenerated, Name, queue), settledAt = max(ends), deliveries = count() by OperationId',
    `| extend settlement = case(Name endswith ".complete", "complete", Name endswith ".deadLetter" or deliveries >= ${most}, "dead-letter", Name endswith ".defer", "later", "abandon")`,
    '| project OperationId, settlement, settledAt, deliveries;',
  ].join('\n');

/** The newest of them, from a place on. */
export function pageQuery(base: string, { after }: TransactionFilters, size: number): string {
  const rest = after
    ? [
        `| where TimeGenerated < ${kqlTime(Date.parse(after.started))} or (TimeGenerated == ${kqlTime(Date.parse(after.started))} and strcmp(OperationId, ${kqlText(after.operationId)}) < 0)`,
      ]
    : [];
  return [
    base,
    ...rest,
    '| project started = TimeGenerated, OperationId, Name, code, outcome, attempts, workMs, durationMs, correlationId = tostring(held.correlationId), messageId = tostring(held["messaging.message.id"])',
    '| order by started desc, OperationId desc',
    `| take ${size}`,
  ].join('\n');
}

export const histogramQuery = (base: string, { step }: AskedRange): string =>
  `${base}\n| summarize ok = countif(not(${bad})), failed = countif(${bad}) by TimeGenerated = bin(TimeGenerated, ${kqlSpan(step)})`;
