import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';
import type { ServiceBusConnection } from '../../src/config/settings.ts';
import { withDeadline } from '../../src/platform/deadline.ts';
import type { MessageSource, ReceivedMessage, ServiceBusMessage } from '../../src/platform/messaging.ts';
import { closeClient, createClient, namespaceOf, openReceiver } from '../../src/platform/service-bus/clients.ts';
import { copyQueueOf } from '../../src/platform/service-bus/copy-message.ts';
import { brokerCode, persist } from '../../src/platform/service-bus/persist.ts';
import { createSender } from '../../src/platform/service-bus/sender.ts';
import type { CommandTelemetry } from '../command-telemetry.ts';
import { explainRefusal } from './explain-refusal.ts';

/** The dead letters of a queue or subscription. What the broker refuses is thrown as a `CommandRefused` that says what to do. */
export interface DeadLetterQueue {
  source: MessageSource;
  /** All of them, oldest first, a page at a time. Locks nothing, so those that another receiver holds are there too. */
  browse(): AsyncGenerator<ReceivedMessage>;
  /** A link of its own, which renews no lock. */
  openReceiver(): ServiceBusReceiver;
  receive(receiver: ServiceBusReceiver, atMost: number): Promise<ReceivedMessage[]>;
  /** False when the broker says that the lock has ended: the message will be received again. */
  complete(receiver: ServiceBusReceiver, message: ReceivedMessage): Promise<boolean>;
  /**
   * Resolves when the broker has accepted the copy, in the queue or, for a subscription, in its queue for copies: its
   * topic would give it to every subscriber. Throws `MessageTooLarge`.
   */
  sendBack(copy: ServiceBusMessage, message: ReceivedMessage): Promise<void>;
}

interface OpenOptions {
  connection: ServiceBusConnection;
  credential?: TokenCredential | undefined;
  sources: readonly MessageSource[];
  /** Of the service's telemetry: what a copy carries of its story. */
  send: CommandTelemetry['send'];
  /** How long to try in all while the broker's error is one that can pass, in milliseconds. */
  timeoutMs: number;
}

/** A page's bodies are in memory together: 50 of the largest messages are 12 MB. */
const pageSize = 50;
const waitMs = 2_000;

export function openDeadLetterQueues({ connection, credential, sources, send, timeoutMs }: OpenOptions) {
  const namespace = namespaceOf(connection);
  const connect = () => createClient({ connection, credential, tryTimeoutMs: timeoutMs / 2 });
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
      browse: () => browse(link, ask),
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

async function* browse(open: () => ServiceBusReceiver, ask: <T>(run: () => Promise<T>) => Promise<T>) {
  const receiver = open();
  try {
    let fromSequenceNumber = Long.ZERO; // without it the SDK goes on where the last peek ended
    for (;;) {
      const from = { fromSequenceNumber };
      const page = await ask(() => receiver.peekMessages(pageSize, from));
      yield* page;
      const last = page.at(-1)?.sequenceNumber;
      if (last === undefined) return;
      fromSequenceNumber = last.add(1);
    }
  } finally {
    await receiver.close();
  }
}

/** Answers false for that reason of a settlement to fail, and throws any other. */
function lockHasEnded(error: unknown): false {
  if (brokerCode(error) === 'MessageLockLost') return false;
  throw error;
}

/** Tries again; when the time is over, throws an error with the broker's last message. */
function withAnswer<T>(timeoutMs: number, run: () => Promise<T>): Promise<T> {
  let last: unknown = new Error('no answer');
  const failed = (error: unknown) => {
    last = error;
  };
  const timeoutError = () =>
    Object.assign(new Error((last as Error).message, { cause: last }), { code: 'ServiceTimeout' });
  return withDeadline(timeoutMs, (signal) => persist(signal, run, failed), timeoutError);
}
