import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import { awaitedTransaction } from './awaited-transaction.ts';
import { mostDeliveriesOf } from './broker-queues.ts';
import type { OutcomeKind, Transaction, TransactionItem } from './contract.ts';
import { destinationOf } from './destination-of.ts';
import type { SentFiles } from './sent-files.ts';
import { readStory } from './story-rows.ts';
import { itemsOf, replayWait, type StoryItem } from './transaction-items.ts';
import { storyOf } from './transaction-story.ts';

const isCopy = (id: string) => id.startsWith('obs-');

/** One transaction with everything that belongs to it, by any of its ids. */
export function transactionRoutes(
  { kql, service, serviceBus, now }: Pick<DashboardParts, 'kql' | 'service' | 'serviceBus' | 'now'>,
  sent: Pick<SentFiles, 'nameOf' | 'find'>,
): ApiRoutes {
  const mostDeliveries = mostDeliveriesOf(serviceBus?.entities);
  return {
    'GET transactions/:id': async ({ params: { id = '' } }) => {
      const { rows, query } = await readStory(kql, id);
      const { level } = service.facts();
      if (rows.length === 0) {
        const item = sent.find(id);
        const awaited = item && awaitedTransaction(item, { level, now: now(), query });
        if (awaited) return { data: awaited };
        throw new Refused(404, {
          title: `No transaction ${id.slice(0, 12)}`,
          detail: 'Nothing in the tables has this id.',
          remedy:
            'It may have left the tables, or its rows are on their way: they come about 5 seconds after what they tell of.',
        });
      }
      const items = itemsOf(rows, mostDeliveries);
      const data: Transaction = {
        facts: factsOf(items, { level, nameOf: sent.nameOf, now: now() }),
        story: storyOf(items),
        items: items.map(publicItem),
        query,
      };
      return { data };
    },
  };
}

function publicItem(item: StoryItem): TransactionItem {
  const { id, parent, place, kind, name, start, ms, ok, code, cause, attempt, table, row } = item;
  const known = { parent, ms, code, cause, attempt, table, row };
  const told = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { id, place, kind, name, start, ok, ...told };
}

function factsOf(
  items: readonly StoryItem[],
  { level, nameOf, now }: { level: number; nameOf: SentFiles['nameOf']; now: Date },
): Transaction['facts'] {
  const first = items.find(({ kind }) => kind === 'request') ?? items[0];
  const began = Math.min(...items.map(({ startMs }) => startMs));
  const ended = Math.max(...items.map(({ endMs }) => endMs));
  const handlings = items.filter(({ settlement }) => settlement !== undefined);
  const values = (name: string) => items.flatMap(({ properties }) => properties[name] || []);
  const messageId = [...values('messaging.message.id'), ...values('messageId')].find((id) => !isCopy(id));
  const correlationId = values('correlationId')[0];
  const operationIds = [...new Set(items.flatMap(({ row }) => (row?.OperationId ? [String(row.OperationId)] : [])))];
  const file = messageId === undefined ? undefined : nameOf(messageId);
  const workingMs = unionMs(items.filter(({ kind, ms }) => kind !== 'wait' && ms !== undefined));
  const replays = items.filter(({ isReplay }) => isReplay).length;
  const deadMs = deadLetteredMs(items, handlings.at(-1), now);
  return {
    operationId: String(first?.row?.OperationId ?? operationIds[0] ?? ''),
    operationIds,
    name: first?.name ?? '',
    ...(file !== undefined && { file }),
    ...(messageId !== undefined && { messageId }),
    ...(correlationId !== undefined && { correlationId }),
    outcome: outcomeOf(items, first, handlings.at(-1)),
    started: first?.start ?? '',
    totalMs: ended - began,
    workingMs,
    waitingMs: Math.max(0, ended - began - workingMs - replayedAfterMs(items)),
    deadLetteredMs: deadMs,
    attempts: handlings.filter(({ settlement, ok }) => !(settlement === 'later' && ok)).length - replays,
    replays,
    level,
  };
}

const replayedAfterMs = (items: readonly StoryItem[]): number =>
  items.filter(({ kind, name }) => kind === 'wait' && name === replayWait).reduce((sum, { ms = 0 }) => sum + ms, 0);

function deadLetteredMs(items: readonly StoryItem[], last: StoryItem | undefined, now: Date): number | null {
  const replayed = replayedAfterMs(items);
  const still = last?.settlement === 'dead-letter' ? Math.max(0, now.getTime() - last.endMs) : 0;
  return replayed + still > 0 ? replayed + still : null;
}

function outcomeOf(
  items: readonly StoryItem[],
  first: StoryItem | undefined,
  last: StoryItem | undefined,
): Transaction['facts']['outcome'] {
  const call = items.findLast(({ place, kind }) => place === 'destination' && kind === 'call');
  const destination = destinationOf(String(call?.row?.Data ?? ''));
  const to = destination === undefined ? {} : { destination };
  const reason = items.findLast(({ kind }) => kind === 'exception')?.properties.reason;
  const ends: Readonly<Record<string, OutcomeKind>> = {
    complete: 'delivered',
    later: 'waiting',
    abandon: 'waiting',
    open: 'waiting',
    'dead-letter': 'dead-lettered',
  };
  if (last?.settlement !== undefined) {
    const kind = ends[last.settlement] ?? 'failed';
    const code = kind === 'dead-lettered' ? reason : call?.code;
    return { kind, ...to, ...(code !== undefined && { code }) };
  }
  const status = Number(first?.code ?? 0);
  const isSent = items.some(({ isReplay }) => isReplay !== undefined);
  const kind = status >= 500 ? 'failed' : status >= 400 ? 'rejected' : isSent ? 'waiting' : 'answered';
  return { kind, ...to, ...(first?.code !== undefined && { code: first.code }) };
}

/** How long any of them ran. */
function unionMs(items: readonly StoryItem[]): number {
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of items.toSorted((a, b) => a.startMs - b.startMs)) {
    total += Math.max(0, endMs - Math.max(end, startMs));
    end = Math.max(end, endMs);
  }
  return total;
}
