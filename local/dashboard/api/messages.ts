import { property } from '../../../src/platform/message-properties.ts';
import { copyOf, propertiesOf, sentIdOf } from '../../queued-message.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import { type BrokerQueue, everyQueue } from './broker-queues.ts';
import type { MessageFacts, MessageList, MessageRow, MessageState } from './contract.ts';
import { deadFacts, historyOf, textIn } from './dead-letter-facts.ts';
import { bodyOf, contentTypeOf } from './message-body.ts';

type Message = ReturnType<BrokerQueue['peek']>[number];

/** What people call a message: the name of its file. */
export interface Names {
  nameOf(messageId: string): string | undefined;
  /** As the message itself tells it. */
  nameOn(properties: Readonly<Record<string, unknown>>): string | undefined;
}

const PAGE = 200;
/** Messages that are looked through at a time for those of a page. */
const PIECE = 1_000;
const states: readonly MessageState[] = ['active', 'scheduled', 'dead'];
const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** The queue of this name. Throws `Refused` where there is none. */
export function findQueue({ serviceBus }: Pick<DashboardParts, 'serviceBus'>, name = ''): BrokerQueue {
  const queues = everyQueue(serviceBus?.entities);
  const found = queues.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found.queue;
  throw new Refused(404, {
    title: 'There is no such queue',
    detail: `The broker has no "${name}".`,
    remedy:
      queues.length > 0
        ? `Choose one of ${queues.map((each) => each.name).join(', ')}.`
        : 'infra/queues.json names none.',
  });
}

/** What lies in a queue, looked at without taking it. */
export function messageRoutes(parts: Pick<DashboardParts, 'serviceBus'>, sent: Names): ApiRoutes {
  return {
    'GET queues/:name/messages': ({ params, query }) => {
      const state = readState(query);
      const queue = findQueue(parts, params.name);
      const { active, scheduled, deadLetter } = queue.counts();
      const wanted = (query.get('q') ?? '').trim().toLowerCase();
      const { rows, next } = page(sourceOf(queue, state), query.get('cursor'), (message) => {
        if (!isIn(message, state)) return undefined;
        const row = messageRow(message, state, sent);
        return wanted === '' || JSON.stringify(row).toLowerCase().includes(wanted) ? row : undefined;
      });
      const data: MessageList = { rows, total: { active, scheduled, dead: deadLetter }[state] };
      return { data, next };
    },
    'GET queues/:name/messages/:sequence': ({ params, query }) => {
      const state = readState(query);
      const sequence = Number(params.sequence);
      const [message] = sourceOf(findQueue(parts, params.name), state).peek(sequence, 1);
      if (!message || message.sequenceNumber !== sequence) {
        throw new Refused(404, {
          title: `No message ${params.sequence}`,
          detail: 'It is not in the queue any more.',
          remedy: 'Look for it among the transactions by its message id.',
        });
      }
      return { data: factsOf(message, state, sent) };
    },
  };
}

function readState(query: URLSearchParams): MessageState {
  const given = query.get('state') ?? 'active';
  const state = states.find((each) => each === given);
  if (state) return state;
  const remedy = `Choose one of ${states.join(', ')}.`;
  throw new Refused(400, { title: 'The state is wrong', detail: `"${given}" is no state of a message.`, remedy });
}

const sourceOf = (queue: BrokerQueue, state: MessageState): BrokerQueue =>
  state === 'dead' ? (queue.deadLetters ?? queue) : queue;

const isIn = ({ dueAt }: Message, state: MessageState): boolean =>
  state === 'dead' || (dueAt !== undefined) === (state === 'scheduled');

/** The first rows from a sequence number on, and the number to go on from. */
function page(queue: BrokerQueue, cursor: string | null, read: (message: Message) => MessageRow | undefined) {
  const rows: MessageRow[] = [];
  let from = Number(cursor ?? 0) || 0;
  for (;;) {
    const piece = queue.peek(from, PIECE);
    for (const message of piece) {
      const row = read(message);
      if (!row) continue;
      if (rows.length === PAGE) return { rows, next: String(message.sequenceNumber) };
      rows.push(row);
    }
    const last = piece.at(-1);
    if (last === undefined || piece.length < PIECE) return { rows, next: undefined };
    from = last.sequenceNumber + 1;
  }
}

/** A message as a list shows it. */
export function messageRow(message: Message, state: MessageState, sent: Names): MessageRow {
  const properties = propertiesOf(message);
  const messageId = sentIdOf(message);
  const file = sent.nameOf(messageId) ?? sent.nameOn(properties);
  const operationId = traceparent.exec(
    textIn(properties, 'traceparent') ?? textIn(properties, 'Diagnostic-Id') ?? '',
  )?.[1];
  const { sequenceNumber, enqueuedAt, dueAt, lock, deliveryCount, content } = message;
  return {
    sequence: String(sequenceNumber),
    messageId,
    ...(file !== undefined && { file }),
    state,
    enqueued: new Date(enqueuedAt).toISOString(),
    ...(dueAt !== undefined && { dueAt: new Date(dueAt).toISOString() }),
    locked: lock !== undefined,
    deliveryCount,
    attempt: Number(properties[property.attempt] ?? copyOf(message)),
    bytes: content.size,
    ...(operationId !== undefined && { operationId }),
    ...(state === 'dead' && deadFacts(message, properties)),
  };
}

function factsOf(message: Message, state: MessageState, sent: Names): MessageFacts {
  const properties = propertiesOf(message);
  const contentType = contentTypeOf(message);
  return {
    ...messageRow(message, state, sent),
    ...(contentType !== undefined && { contentType }),
    properties,
    body: bodyOf(message),
    history: historyOf(properties),
  };
}
