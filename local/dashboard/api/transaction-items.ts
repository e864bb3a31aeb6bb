import type { Row } from '../../application-insights/index.ts';
import { linksOf } from '../../cli/trace/find-story.ts';
import type { Place, TransactionItem } from './contract.ts';
import { type MostDeliveries, tellSettlements, untold } from './sdk-settlements.ts';

/** Waits that are shorter are only the clock's grain. */
const SHORTEST_WAIT_MS = 2;
export const replayWait = 'Dead-lettered';
export const inQueue = 'In queue';
/** The item that tells how long a message waited for a handling. */
export const waitId = ({ id }: Pick<StoryItem, 'id'>): string => `wait-${id}`;

/** A row, and what its item says of it. */
export interface StoryItem extends TransactionItem {
  startMs: number;
  endMs: number;
  /** Of a worker's handling: how it ended. */
  settlement?: string;
  /** Of a handling whose end is a row of its own: when it was settled, and when the one before it gave the message back. */
  settledMs?: number;
  givenBackMs?: number;
  /** Of a sending: an operator's replay. */
  isReplay?: boolean;
  properties: Readonly<Record<string, string>>;
}

type Properties = Readonly<Record<string, string>>;

const propertiesIn = (row: Row): Properties => (row.Properties ?? {}) as Properties;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const isSend = (row: Row): boolean => row.Type === 'AppDependencies' && row.DependencyType === 'Queue Message';
/** A worker had a message: the answer of a route has a status. */
const isHandling = (row: Row): boolean => row.Type === 'AppRequests' && Number(row.ResultCode) < 100;

/** The items of a transaction in the order of time, with the waits between them that no row tells of. */
export function itemsOf(rows: readonly Row[], mostDeliveries: MostDeliveries): StoryItem[] {
  const steps = new Map(rows.flatMap((row) => (row.Id === undefined ? [] : [[text(row.Id), row] as const])));
  const items = rows.map((row, index) => itemOf(row, index, steps));
  tellSettlements(items, mostDeliveries);
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const item of items) if (!item.ok) item.cause ??= causeOf(item, items) ?? '';
  const all = [...items, ...waitsOf(items, byId)];
  return all.sort((a, b) => a.startMs - b.startMs || Number(b.ms !== undefined) - Number(a.ms !== undefined));
}

function itemOf(row: Row, index: number, steps: ReadonlyMap<string, Row>): StoryItem {
  const properties = propertiesIn(row);
  const hasLength = row.Type === 'AppRequests' || row.Type === 'AppDependencies';
  const startMs = Date.parse(row.TimeGenerated);
  const ms = hasLength ? Number(row.DurationMs ?? 0) : undefined;
  const parent = [text(row.ParentId), ...linksOf(row).map(({ id }) => id)].find((id) => steps.has(id) && id !== row.Id);
  const code = text(row.ResultCode);
  const attempt = Number(properties['message.attempt']);
  return {
    id: text(row.Id) || `${row.Type}-${index}`,
    ...(parent !== undefined && { parent }),
    place: placeOf(row, steps),
    kind: kindOf(row),
    name: nameOf(row, properties),
    start: row.TimeGenerated,
    ...(ms !== undefined && { ms }),
    ok: isOk(row),
    ...(code !== '' && code !== '0' && { code }),
    ...(Number.isInteger(attempt) && { attempt }),
    table: row.Type,
    row: { ...row },
    startMs,
    endMs: startMs + (ms ?? 0),
    properties,
    ...(isHandling(row) && { settlement: properties['message.settlement'] ?? untold }),
    // A replay hangs under the span that sent the dead letter, and is linked to the operator's command.
    ...(isSend(row) && { isReplay: properties['_MS.links'] !== undefined && parent !== undefined }),
  };
}

function kindOf({ Type }: Row): TransactionItem['kind'] {
  if (Type === 'AppRequests') return 'request';
  if (Type === 'AppDependencies') return 'call';
  if (Type === 'AppExceptions') return 'exception';
  return Type === 'AppEvents' ? 'event' : 'log';
}

function placeOf(row: Row, steps: ReadonlyMap<string, Row>): Place {
  if (row.Type === 'AppRequests') return isHandling(row) ? 'worker' : 'api';
  if (row.Type === 'AppDependencies') {
    if (isSend(row) || propertiesIn(row)['az.namespace'] === 'Microsoft.ServiceBus') return 'service-bus';
    return row.DependencyType === 'Http' ? 'destination' : 'other';
  }
  const parent = steps.get(text(row.ParentId));
  return parent ? placeOf(parent, steps) : 'other';
}

function nameOf(row: Row, { message }: Properties): string {
  if (row.Type === 'AppExceptions')
    return `${text(row.OuterType) || text(row.ExceptionType)}: ${text(row.OuterMessage)}`;
  if (row.Type === 'AppTraces') return text(row.Message);
  return text(row.Name) || message || (isHandling(row) ? 'process' : text(row.DependencyType));
}

function isOk(row: Row): boolean {
  if (row.Type === 'AppExceptions') return false;
  if (row.Type === 'AppTraces') return Number(row.SeverityLevel ?? 1) < 3;
  return row.Success !== false;
}

/** In words: what its exception says, and what the worker did about it. */
function causeOf(item: StoryItem, items: readonly StoryItem[]): string | undefined {
  if (item.kind === 'exception') return undefined;
  const below = items.find(({ kind, parent }) => kind === 'exception' && parent === item.id);
  const said = below ? text(below.row?.OuterMessage) : item.code ? `It answered ${item.code}.` : 'It gave no answer.';
  if (item.settlement === 'dead-letter') return `${said} Given up: ${below?.properties.reason ?? 'dead-lettered'}.`;
  const next = Date.parse(item.properties['message.attempt.next_at'] ?? '');
  if (item.settlement !== 'later' || Number.isNaN(next))
    return item.settlement === undefined && item.code ? `It answered ${item.code}.` : said;
  const seconds = Math.max(0, (next - item.endMs) / 1_000).toFixed(1);
  return `${said} Tried again after ${seconds} s.`;
}

/** Between a sending and the worker that has its message; and between a dead letter and its replay. */
function waitsOf(items: readonly StoryItem[], byId: ReadonlyMap<string, StoryItem>): StoryItem[] {
  const handlings = items.filter(({ settlement }) => settlement !== undefined);
  const waits = handlings.flatMap((handling) => {
    const send = byId.get(handling.parent ?? '');
    const enqueued = Number(handling.properties['messaging.servicebus.message.enqueued_time']) * 1_000;
    const since = handling.givenBackMs ?? (send?.kind === 'call' ? send.endMs : enqueued);
    const cause = byId.get(send?.parent ?? '');
    const name = cause?.settlement === 'later' ? (cause.ok ? 'Put aside' : 'Waiting for retry') : inQueue;
    return waitBetween(waitId(handling), name, since, handling.startMs, send?.id);
  });
  const dead = items
    .filter(({ isReplay }) => isReplay)
    .flatMap((replay) => {
      const given = handlings.findLast((one) => one.settlement === 'dead-letter' && one.endMs <= replay.startMs);
      return given ? waitBetween(`dead-${replay.id}`, replayWait, given.endMs, replay.startMs, given.id) : [];
    });
  return [...waits, ...dead];
}

function waitBetween(id: string, name: string, from: number, to: number, parent: string | undefined): StoryItem[] {
  const ms = to - from;
  if (!(ms >= SHORTEST_WAIT_MS)) return [];
  return [
    {
      ...{ id, place: 'queue' as const, kind: 'wait' as const, name, ms, ok: true },
      ...(parent !== undefined && { parent }),
      start: new Date(from).toISOString(),
      startMs: from,
      endMs: to,
      properties: {},
    },
  ];
}
