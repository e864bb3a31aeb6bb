import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusReceiver } from '@azure/service-bus';
import type { ServiceBusConnection } from '../../src/config/settings.ts';
import { withDeadline } from '../../src/platform/deadline.ts';
import type { MessageSource, ReceivedMessage, ServiceBusMessage } from '../../src/platform/messaging.ts';
import { copyQueueOf } from '../../src/platform/messaging.ts';
import { closeClient, createClient, namespaceOf, openReceiver } from '../../src/platform/service-bus/clients.ts';
import { brokerCode, persist, type Tried } from '../../src/platform/service-bus/persist.ts';
import { createSender } from '../../src/platform/service-bus/sender.ts';
import { browse } from '../browse.ts';
import type { CommandTelemetry } from '../command-telemetry.ts';
import { explainRefusal } from '../explain-refusal.ts';

/** The dead-letter queue of a source. When the broker refuses a call, `CommandRefused` says what to do. */
export interface DeadLetterQueue {
  source: MessageSource;
  /**
   * All dead letters, oldest first, read page by page. Locks none, and includes those that another receiver has locked.
   */
  browse(): AsyncGenerator<ReceivedMessage>;
  /** Opens a separate link, which renews no locks. */
  openReceiver(): ServiceBusReceiver;
  receive(receiver: ServiceBusReceiver, atMost: number): Promise<ReceivedMessage[]>;
  /** Returns false when the broker says that the lock has ended. The message will be received again. */
  complete(receiver: ServiceBusReceiver, message: ReceivedMessage): Promise<boolean>;
  /**
   * Sends a copy to the queue of the message, or, for a subscription, to its queue for copies, because its topic would
   * give the copy to every subscription. Resolves when the broker has accepted it. Throws `MessageTooLarge`.
   */
  sendBack(copy: ServiceBusMessage, message: ReceivedMessage): Promise<void>;
}

interface OpenOptions {
  connection: ServiceBusConnection;
  credential?: TokenCredential | undefined;
  sources: readonly MessageSource[];
  /** Middlewares of the service's telemetry, which write the trace and the correlation id onto a copy. */
  send: CommandTelemetry['send'];
  /** Milliseconds to retry in all, as long as the broker's errors may pass. */
  timeoutMs: number;
}

const waitMs = 2_000;

export function openDeadLetterQueues({ connection, credential, sources, send, timeoutMs }: OpenOptions) {
  const namespace = namespaceOf(connection);
  const connect = () => createClient(connection, credential, timeoutMs / 2);
  const client = connect();
  const sender = createSender({ createClient: connect, declared: new Set(), middlewares: send, timeoutMs });

  const open = (source: MessageSource): DeadLetterQueue => {
    const link = () => openReceiver(client, source, 0, 'deadLetter');
    const ask = <T>(run: () => Promise<T>): Promise<T> =>
      withAnswer(timeoutMs, run).catch((error: unknown) => {
        throw explainRefusal({ namespace, entity: source.name, use: 'receive from' }, error);
      });
    return {
      source,
      openReceiver: link,
      async *browse() {
        const receiver = link();
        try {
          yield* browse(receiver, ask);
        } finally {
          await receiver.close();
        }
      },
      receive: (receiver, atMost) => ask(() => receiver.receiveMessages(atMost, { maxWaitTimeInMs: waitMs })),
      complete: (receiver, message) => ask(() => receiver.completeMessage(message).then(() => true, lockHasEnded)),
      async sendBack(copy, message) {
        const entity = copyQueueOf(source);
        await sender.sendCopy({ entity, message: copy, cause: { message, source } }).catch((error: unknown) => {
          throw explainRefusal({ namespace, entity, use: 'send to' }, error);
        });
      },
    };
  };
  return {
    queues: sources.map(open),
    close: async () => void (await Promise.all([closeClient(client), sender.close()])),
  };
}

/** Returns false when the lock has ended, and throws any other error. */
function lockHasEnded(error: unknown): false {
  if (brokerCode(error) === 'MessageLockLost') return false;
  throw error;
}

/** Retries `run`. After `timeoutMs` throws an error with the last message of the broker. */
function withAnswer<T>(timeoutMs: number, run: () => Promise<T>): Promise<T> {
  const tried: Tried = { error: new Error('no answer') };
  const timeoutError = () => {
    const cause = tried.error as Error;
    return Object.assign(new Error(cause.message, { cause }), { code: 'ServiceTimeout' });
  };
  return withDeadline(timeoutMs, (signal) => persist(signal, run, tried), timeoutError);
}
