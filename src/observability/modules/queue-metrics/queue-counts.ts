import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusConnection } from '../../../config/settings.ts';
import { createAdministrationClient } from '../../../platform/administration-client.ts';
import type { MessageSource } from '../../../platform/messaging.ts';
import type { QueueReading } from './queue-instruments.ts';

export type ReadCounts = (source: MessageSource, signal: AbortSignal) => Promise<QueueReading>;

/**
 * Makes the function that asks the broker how many messages a source holds. The administration API demands more than the
 * right to receive, so in Azure an identity of its own asks (QUEUE_READER_CLIENT_ID), which does nothing else. The
 * function throws the `RestError` of the client: 401 without the role.
 */
export function createQueueCounts(
  connection: ServiceBusConnection,
  adminUrl: string | undefined,
  reader: TokenCredential | undefined,
): ReadCounts {
  // The reader of the counts asks again after a minute, so the client tries once.
  const client = createAdministrationClient(connection, reader, adminUrl);

  return async ({ name, queue = name, topic, subscription }, abortSignal) => {
    if (topic && subscription) {
      const found = await client.getSubscriptionRuntimeProperties(topic, subscription, { abortSignal });
      return { active: found.activeMessageCount, deadLetters: found.deadLetterMessageCount };
    }
    const found = await client.getQueueRuntimeProperties(queue, { abortSignal });
    const { activeMessageCount: active, deadLetterMessageCount: deadLetters, scheduledMessageCount: scheduled } = found;
    return { active, deadLetters, scheduled };
  };
}
