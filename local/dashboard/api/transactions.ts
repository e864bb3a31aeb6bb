import type { KqlResult } from '../../kql/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import { rangeFacts } from './asked-range.ts';
import { mostDeliveriesKql } from './broker-queues.ts';
import type { OutcomeKind, TransactionHistogram, TransactionList, TransactionRow } from './contract.ts';
import { destinationOf } from './destination-of.ts';
import { kqlText, measured, numberOf, textOf } from './kql-text.ts';
import { runStateOf } from './level-routes.ts';
import { createRanges } from './ranges.ts';
import type { SentFiles } from './sent-files.ts';
import { seriesOf } from './time-series.ts';
import { isFiltered, readFilters } from './transaction-filters.ts';
import { countQuery, histogramQuery, pageQuery } from './transaction-query.ts';

const PAGE = 200;

export interface TransactionSearch {
  /** The newest transactions that an address asks for. */
  list(query: URLSearchParams, size?: number): Promise<{ data: TransactionList; next: string | undefined }>;
}

type Found = KqlResult['rows'][number];

/** Finds transactions. `sent` knows the names of the files that the page has sent. */
export function createTransactionSearch(
  parts: DashboardParts,
  sent: Pick<SentFiles, 'nameOf' | 'idsOf'>,
): TransactionSearch {
  const { kql } = parts;
  const most = mostDeliveriesKql(parts.serviceBus?.entities);
  const ranges = createRanges(parts);
  const count = async (query: string) => numberOf((await kql.run(query)).rows[0]?.Count);

  return {
    async list(query, size = PAGE) {
      const range = await ranges.read(query);
      const filters = readFilters(query, sent.idsOf);
      const asked = pageQuery(range, filters, most, size + 1);
      const nothing = {
        q: '',
        outcome: '',
        destination: '',
        minMs: 0,
        namedIds: [],
        order: undefined,
        after: undefined,
      };
      const unfiltered = count(countQuery(range, nothing, most));
      const [{ rows }, total, all] = await Promise.all([
        kql.run(asked),
        isFiltered(filters) ? count(countQuery(range, filters, most)) : unfiltered,
        unfiltered,
      ]);
      const page = rows.slice(0, size);
      const details = await detailsOf(kql, page);
      // A place in another order than that of time is not known: its first rows are what one looks for.
      const last = rows.length > size && !filters.order ? page.at(-1) : undefined;
      const data: TransactionList = {
        range: rangeFacts(range),
        rows: page.map((row) => describe(row, details, sent)),
        total,
        unfiltered: all,
        sampling: runStateOf(parts).sampling,
        query: asked,
      };
      return { data, next: last && `${textOf(last.started)}|${textOf(last.OperationId)}` };
    },
  };
}

export function transactionListRoutes(
  parts: DashboardParts,
  search: TransactionSearch,
  sent: Pick<SentFiles, 'idsOf'>,
): ApiRoutes {
  const ranges = createRanges(parts);
  const most = mostDeliveriesKql(parts.serviceBus?.entities);
  return {
    'GET transactions': ({ query }) => search.list(query),
    'GET transactions/histogram': async ({ query }) => {
      const range = await ranges.read(query);
      const asked = histogramQuery(range, readFilters(query, sent.idsOf), most);
      const data: TransactionHistogram = {
        range: rangeFacts(range),
        series: seriesOf(await parts.kql.run(asked), range, { ok: 0, failed: 0 }),
        query: asked,
      };
      return { data };
    },
  };
}

/** What the other tables know of the operations of a page. */
async function detailsOf(kql: DashboardParts['kql'], page: readonly Found[]): Promise<Map<string, Found>> {
  if (page.length === 0) return new Map();
  const ids = page.map((row) => kqlText(textOf(row.OperationId))).join(', ');
  const { rows } = await kql.run(
    [
      'union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents',
      `| where OperationId in (${ids})`,
      '| extend called = iff(Type == "AppDependencies" and DependencyType in ("Http", "HTTP"), TimeGenerated, datetime(null))',
      '| extend sending = iff(Type == "AppDependencies" and DependencyType == "Queue Message", TimeGenerated, datetime(null))',
      '| extend handling = iff(Type == "AppRequests" and toint(ResultCode) < 100, TimeGenerated, datetime(null))',
      // A copy has an id of its own.
      '| extend messageId = tostring(Properties["messaging.message.id"])',
      '| summarize items = count(), address = take_anyif(Data, isnotnull(called)), queued = minif(TimeGenerated + DurationMs * 1ms, isnotnull(sending)), queue = take_anyif(coalesce(tostring(Properties["messaging.destination.name"]), Name), isnotnull(sending)), began = minif(TimeGenerated, isnotnull(handling)), messageId = maxif(messageId, messageId !startswith "obs-"), correlationId = max(tostring(Properties.correlationId)), reason = maxif(tostring(Properties.reason), Type == "AppExceptions") by OperationId',
    ].join('\n'),
  );
  return new Map(rows.map((row) => [textOf(row.OperationId), row]));
}

function describe(row: Found, details: ReadonlyMap<string, Found>, sent: Pick<SentFiles, 'nameOf'>): TransactionRow {
  const operationId = textOf(row.OperationId);
  const more = details.get(operationId) ?? {};
  const messageId = textOf(more.messageId);
  const correlationId = textOf(more.correlationId);
  const file = sent.nameOf(messageId);
  const kind = textOf(row.outcome) as OutcomeKind;
  const destination = destinationOf(textOf(more.address)) ?? textOf(more.queue).replace(/^send /, '');
  const status = measured(row.code);
  const code = kind === 'dead-lettered' ? textOf(more.reason) : status !== null && status >= 100 ? String(status) : '';
  const [queued, began] = [Date.parse(textOf(more.queued)), Date.parse(textOf(more.began))];
  const queuedMs = began - queued;
  return {
    operationId,
    started: textOf(row.started),
    name: textOf(row.Name),
    ...(file !== undefined && { file }),
    ...(messageId !== '' && { messageId }),
    ...(correlationId !== '' && { correlationId }),
    outcome: { kind, ...(destination !== '' && { destination }), ...(code !== '' && { code }) },
    attempts: numberOf(row.attempts),
    queuedMs: Number.isNaN(queuedMs) ? null : Math.max(0, queuedMs),
    durationMs: numberOf(row.durationMs),
    items: numberOf(more.items),
  };
}
