import type { ServiceBusClient } from '@azure/service-bus';
import { withDeadline } from '../deadline.ts';
import { QueueUnavailable } from '../errors.ts';
import { withoutOurs } from '../message-properties.ts';
import { MessageTooLarge } from '../message-too-large.ts';
import type { Outgoing, Send, SendMiddleware } from '../messaging.ts';
import { runThrough } from '../run-through.ts';
import { boundSend } from './bounded-send.ts';
import { brokerCode, brokerError, isThrottled, persist, throttledMs } from './persist.ts';
import { createSendingConnection } from './sending-connection.ts';

export interface Sender {
  send: Send;
  /** Sends a copy or a replay to any entity, through the same middlewares. Throws as `send` does. */
  sendCopy(outgoing: Outgoing): Promise<void>;
  /** Opens the link to an entity. Throws the broker's error, such as a missing right. */
  open(entity: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface SenderOptions {
  createClient(): ServiceBusClient;
  /** The entities that the businesses declare in `sends`. */
  declared: ReadonlySet<string>;
  middlewares: readonly SendMiddleware[];
  timeoutMs: number;
  /** How long nothing is sent after the broker throttled a send, in milliseconds. */
  quietMs?: number;
}

/**
 * Sends messages through the middlewares, the first of them outermost. `send` resolves when the broker has accepted the
 * message. It retries within `timeoutMs` in all, so that a broken connection alone is not a failure. It throws
 * `QueueUnavailable`, or `MessageTooLarge` for a message that the broker never accepts.
 */
export function createSender(options: SenderOptions): Sender {
  const { createClient, declared, middlewares, timeoutMs, quietMs = throttledMs } = options;
  const connection = createSendingConnection({ createClient, timeoutMs });
  let quietUntil = 0;

  function sendCopy(outgoing: Outgoing): Promise<void> {
    const { entity } = outgoing;
    let cause: unknown;
    const accepted = async (signal: AbortSignal) => {
      if (performance.now() < quietUntil)
        throw new QueueUnavailable('Service Bus throttles us: nothing is sent for now.');
      try {
        const run = () => connection.send(outgoing, signal);
        await persist(signal, run, (error) => {
          cause = error;
        });
      } catch (error) {
        if (isThrottled(error)) quietUntil = performance.now() + quietMs;
        throw sendError(entity, error);
      }
    };
    const late = () =>
      new QueueUnavailable(`"${entity}" did not confirm the message within ${timeoutMs} ms.`, { cause });
    return withDeadline(timeoutMs, (signal) => runThrough(middlewares, outgoing, () => accepted(signal)), late);
  }

  // Copies and replays are not limited: they are few at a time, and a refused copy would use up a delivery.
  const sendWithinBound = boundSend(sendCopy);

  return {
    sendCopy,
    async send(entity, message) {
      if (!declared.has(entity)) {
        throw new Error(`No business declares that it sends to "${entity}": add it to \`sends\` of the business.`);
      }
      if (message.messageId === undefined) {
        throw new Error(
          `A message for "${entity}" has no messageId: set one, because the broker drops duplicates by it.`,
        );
      }
      const { applicationProperties } = message;
      const own = applicationProperties && { applicationProperties: withoutOurs(applicationProperties) };
      await sendWithinBound({ entity, message: { ...message, ...own } });
    },
    open: connection.open,
    close: connection.close,
  };
}

function sendError(entity: string, error: unknown): unknown {
  const cause = brokerError(error);
  if (brokerCode(error) === 'MessageSizeExceeded') return new MessageTooLarge(entity, { cause });
  if (cause instanceof TypeError || cause instanceof RangeError) return cause; // the SDK refused our message
  return new QueueUnavailable(`"${entity}" did not accept the message.`, { cause });
}
