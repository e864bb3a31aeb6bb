import type { AskedRange } from './asked-range.ts';
import { kqlSpan, kqlText, kqlTime } from './kql-text.ts';
import { outcomes, type TransactionFilters } from './transaction-filters.ts';

const SLOW_MS = 1_000;
const bad = 'outcome in ("failed", "rejected", "dead-lettered")';

/** The requests that operations begin with; rows of a worker among them. */
const requestsIn = ({ condition }: AskedRange): string =>
  `AppRequests\n| where ${condition} and isempty(SyntheticSource) and isnotempty(Name)`;

/** What the queries below name: messages that were queued, what the SDK settled, and the operations of `q` and `destination`. */
function named({ condition }: AskedRange, { q, destination, namedIds }: TransactionFilters, most: string): string[] {
  const mentions = [
    `OperationId startswith ${kqlText(q)} or Properties contains ${kqlText(q)}`,
    ...namedIds.map((text) => `Properties has ${kqlText(text)}`),
  ].join(' or ');
  const calling = `let calling = AppDependencies\n| where ${condition} and Data contains ${kqlText(destination)}\n| distinct OperationId;`;
  const found = `let named = union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents\n| where ${condition}\n| where ${mentions}\n| distinct OperationId;`;
  return [
    `let queued = AppDependencies\n| where ${condition} and DependencyType == "Queue Message"\n| distinct OperationId;`,
    settledBySdk(condition, most),
    ...(destination === '' ? [] : [calling]),
    ...(q === '' ? [] : [found]),
  ];
}

/** Conditions by which operations are chosen without looking at what became of them. */
const byName = ({ q, destination }: TransactionFilters): string[] => [
  ...(destination === '' ? [] : ['| where OperationId in (calling)']),
  ...(q === '' ? [] : ['| where OperationId in (named)']),
];

/** Whether a filter needs the outcome or the times of each operation. */
const asksForEnds = ({ outcome, minMs }: TransactionFilters): boolean => outcome !== '' || minMs > 0;

/**
 * KQL for the operations that a filter may choose, from columns that are quickly read: of a million operations only these are then told
 * whole. Undefined where every one may be.
 */
function candidates(range: AskedRange, { outcome, minMs }: TransactionFilters): string | undefined {
  const requests = requestsIn(range);
  const ends =
    '| summarize workMs = sum(DurationMs), began = min(TimeGenerated), ended = max(TimeGenerated + DurationMs * 1ms) by OperationId';
  if (['failed', 'dead-lettered', 'rejected'].includes(outcome))
    return `union (${requests} and not(Success)\n| distinct OperationId), (settled | where settlement == "dead-letter" | project OperationId)`;
  if (outcome === 'waiting') return 'queued';
  if (outcome === 'retried')
    return `union (${requests} and toint(ResultCode) < 100\n| summarize handled = count() by OperationId\n| where handled > 1\n| project OperationId), (settled | where deliveries > 1 | project OperationId)`;
  if (outcome === 'slow') return `${requests}\n${ends}\n| where workMs > ${SLOW_MS}\n| project OperationId`;
  if (outcome !== '' || minMs === 0) return undefined;
  return `union (${requests}\n${ends}\n| where (ended - began) / 1ms >= ${minMs}\n| project OperationId), (settled | project OperationId)`;
}

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

/** KQL for the newest operations, from a place on, or for the first of another order. */
export function pageQuery(range: AskedRange, filters: TransactionFilters, most: string, size: number): string {
  const { after, order } = filters;
  const at = after && kqlTime(Date.parse(after.started));
  const rest =
    after && !order
      ? `\n| where started < ${at} or (started == ${at} and strcmp(OperationId, ${kqlText(after.operationId)}) < 0)`
      : '';
  const newest = `started desc, OperationId desc\n| take ${size}`;
  const page = `${[requestsIn(range), ...byName(filters)].join('\n')}\n| summarize started = min(TimeGenerated) by OperationId${rest}\n| order by ${newest}\n| project OperationId`;
  const chosen = order || asksForEnds(filters) ? candidates(range, filters) : page;
  const { lets, body } = tell(range, filters, most, chosen);
  const first = order ? `${order.column} ${order.down ? 'desc' : 'asc'}, ` : '';
  return `${lets.join('\n')}\n${body}
| project started = TimeGenerated, OperationId, Name, code, outcome, attempts, workMs, durationMs${rest}
| order by ${first}${newest}`;
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
