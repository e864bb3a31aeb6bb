import { type ServiceBusClient as Client, ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { originalIdOf } from '../../../src/platform/message-properties.ts';
import type { Follow } from '../../business/local-business.ts';

/** Bodies come along, so a page stays small. */
const PAGE = 64;
const DEADLINE_MS = 5_000;

export interface DeadLetters {
  /** The ids of what lies in the dead-letter queue, by peeking: nothing is locked or taken. Throws when the broker is away. */
  ids(signal: AbortSignal): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** Reads the dead-letter queue as Azure's own tools would, through the SDK. */
export function openDeadLetters(connectionString: string, { queue, idProperty }: Follow): DeadLetters {
  const client: Client = new ServiceBusClient(connectionString, {
    retryOptions: { timeoutInMs: DEADLINE_MS, maxRetries: 0 },
  });
  const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
  // Without a number the SDK goes on where it stopped, and a message that waited for its lock comes in before that.
  let beginning: ServiceBusReceivedMessage['sequenceNumber'];
  return {
    async *ids(abortSignal) {
      let from = beginning;
      for (;;) {
        const page = await receiver.peekMessages(PAGE, { abortSignal, ...(from && { fromSequenceNumber: from }) });
        for (const message of page) yield idOf(message, idProperty);
        const last = page.at(-1)?.sequenceNumber;
        if (last === undefined) return;
        beginning ??= last.sub(last);
        from = last.add(1);
      }
    },
    async close() {
      await client.close();
    },
  };
}

/** A later copy has a message id of its own: what the business wrote into a property stays the same. */
const idOf = (message: ServiceBusReceivedMessage, property = ''): string =>
  String(message.applicationProperties?.[property] ?? originalIdOf(message));
