import type { ServiceBusClient, ServiceBusSender } from '@azure/service-bus';
import { withDeadline } from '../deadline.ts';
import { MessageTooLarge, QueueUnavailable } from '../errors.ts';
import { withoutOurs } from '../message-properties.ts';
import type { Outgoing, Send, SendMiddleware } from '../messaging.ts';
import { runThrough } from '../run-through.ts';
import { atRoot, closeClient } from './clients.ts';
import { brokerCode, brokerError, isThrottled, persist, type Tried, throttledMs } from './persist.ts';

interface SenderOptions {
  createClient(): ServiceBusClient;
  /** The entities that the businesses declare in `sends`. */
  declared: ReadonlySet<string>;
  middlewares: readonly SendMiddleware[];
  timeoutMs: number;
  /** How long nothing is sent after the broker throttled a send, in milliseconds. */
  quietMs?: number;
  maxWaitingBytes?: number;
}

/** Estimated memory of a message besides its body: the SDK's record of it, and the request that waits for it. */
const overheadBytes = 16 * 1024;

export type Sender = ReturnType<typeof createSender>;

/**
 * Sends messages through the middlewares, the first of them outermost. `send` resolves when the broker has accepted the
 * message. It retries within `timeoutMs` in all, so that a broken connection alone is not a failure. It throws
 * `QueueUnavailable`, or `MessageTooLarge` for a message that the broker never accepts.
 *
 * `maxWaitingBytes` limits the memory of messages that wait for the broker, also of callers who have left: `send` throws
 * `QueueUnavailable` at once above it. Copies and replays are not limited: they are few at a time, and a refused copy
 * would use up a delivery.
 */
export function createSender(options: SenderOptions) {
  const { declared, middlewares, timeoutMs, quietMs = throttledMs, maxWaitingBytes = 24 * 1024 * 1024 } = options;
  const { trySend, open, close } = createConnection(options);
  let quietUntil = 0;
  let waitingBytes = 0;

  /** Sends a copy or a replay to any entity, through the same middlewares. Throws as `send` does. */
  function sendCopy(outgoing: Outgoing): Promise<void> {
    const { entity } = outgoing;
    const tried: Tried = {};
    const accepted = async (deadline: AbortSignal) => {
      const signal = outgoing.signal ? AbortSignal.any([outgoing.signal, deadline]) : deadline;
      const retryAfterMs = quietUntil - performance.now();
      if (retryAfterMs > 0)
        throw new QueueUnavailable('Service Bus throttles us: nothing is sent for now.', { retryAfterMs });
      try {
        await persist(signal, () => trySend(outgoing, signal), tried);
      } catch (error) {
        if (isThrottled(error)) quietUntil = performance.now() + quietMs;
        throw sendError(entity, error);
      }
    };
    const late = () =>
      new QueueUnavailable(`"${entity}" did not confirm the message within ${timeoutMs} ms.`, { cause: tried.error });
    return withDeadline(timeoutMs, (signal) => runThrough(middlewares, outgoing, () => accepted(signal)), late);
  }

  const send: Send = async (entity, message) => {
    if (!declared.has(entity))
      throw new Error(`No business declares that it sends to "${entity}": add it to \`sends\` of the business.`);
    if (message.messageId === undefined)
      throw new Error(
        `A message for "${entity}" has no messageId: set one, because the broker drops duplicates by it.`,
      );
    const { body, applicationProperties } = message;
    const bytes = overheadBytes + lengthOf(body);
    if (waitingBytes > 0 && waitingBytes + bytes > maxWaitingBytes)
      throw new QueueUnavailable(`Nothing was sent to "${entity}": too many messages wait for the broker.`);
    const own = applicationProperties && { applicationProperties: withoutOurs(applicationProperties) };
    waitingBytes += bytes;
    await sendCopy({ entity, message: { ...message, ...own } }).finally(() => {
      waitingBytes -= bytes;
    });
  };
  return { send, sendCopy, open, close };
}

/** As the SDK sends it: bytes as they are, anything else as JSON. */
const lengthOf = (body: unknown): number =>
  ArrayBuffer.isView(body) ? body.byteLength : Buffer.byteLength(JSON.stringify(body ?? null));

function sendError(entity: string, error: unknown): unknown {
  const cause = brokerError(error);
  if (brokerCode(error) === 'MessageSizeExceeded') return new MessageTooLarge(entity, { cause });
  if (cause instanceof TypeError || cause instanceof RangeError) return cause; // the SDK refused our message
  const retryAfterMs = isThrottled(error) ? throttledMs : undefined;
  return new QueueUnavailable(`"${entity}" did not accept the message.`, { cause, retryAfterMs });
}

/** The connection that messages leave through, with one link for each entity. It is replaced when the broker is silent. */
function createConnection({ createClient, timeoutMs }: SenderOptions) {
  const clients = new Set<ServiceBusClient>();
  const connect = () => {
    const client = createClient();
    clients.add(client);
    return { client, links: new Map<string, ServiceBusSender>() };
  };
  const retire = (client: ServiceBusClient) => closeClient(client).then(() => clients.delete(client));
  let connection = connect();

  async function openLink({ client, links }: typeof connection, entity: string, abortSignal: AbortSignal) {
    const link = links.get(entity) ?? client.createSender(entity);
    links.set(entity, link);
    await atRoot(() => link.createMessageBatch({ abortSignal })); // opens it, or does nothing
    return link;
  }

  return {
    /** When it is not answered, the next try has a new connection: the SDK can lose itself for a minute in a broken one. */
    trySend({ entity, message }: Outgoing, deadline: AbortSignal): Promise<void> {
      const used = connection;
      const run = async (signal: AbortSignal) => {
        const abortSignal = AbortSignal.any([signal, deadline]);
        const link = await openLink(used, entity, abortSignal);
        await link.sendMessages(message, { abortSignal });
      };
      return withDeadline(timeoutMs / 2, run, () => {
        if (connection === used) {
          connection = connect();
          setTimeout(retire, timeoutMs, used.client).unref(); // other sends may still be served by it
        }
        return Object.assign(new Error('Service Bus did not answer.'), { code: 'ServiceTimeout' });
      });
    },
    /** Opens the link to an entity. Throws the broker's error, such as a missing right. */
    open: (entity: string, signal: AbortSignal) => openLink(connection, entity, signal),
    close: async () => void (await Promise.all([...clients].map(closeClient))),
  };
}
