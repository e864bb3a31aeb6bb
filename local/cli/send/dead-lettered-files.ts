import { type ServiceBusClient as Client, ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';

/** Bodies come along, so a page stays small. */
const PAGE = 64;
const DEADLINE_MS = 5_000;

export interface DeadLetters {
  /** The ids of the files in the dead-letter queue, by peeking: nothing is locked or taken. Throws when the broker is away. */
  fileIds(signal: AbortSignal): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** Reads the dead-letter queue as Azure's own tools would, through the SDK. */
export function openDeadLetters(connectionString: string, queue: string): DeadLetters {
  const client: Client = new ServiceBusClient(connectionString, {
    retryOptions: { timeoutInMs: DEADLINE_MS, maxRetries: 0 },
  });
  const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
  // Without a number the SDK goes on where it stopped, and a message that waited for its lock comes in before that.
  let beginning: ServiceBusReceivedMessage['sequenceNumber'];
  return {
    async *fileIds(abortSignal) {
      let from = beginning;
      for (;;) {
        const page = await receiver.peekMessages(PAGE, { abortSignal, ...(from && { fromSequenceNumber: from }) });
        for (const message of page) yield fileIdOf(message);
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

/** A later copy has an id of its own and carries the file's as a property. */
const fileIdOf = ({ applicationProperties, messageId }: ServiceBusReceivedMessage): string =>
  String(applicationProperties?.['file-id'] ?? messageId ?? '');
