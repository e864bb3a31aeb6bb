import type { TokenCredential } from '@azure/core-auth';
import { ServiceBusAdministrationClient } from '@azure/service-bus';
import type { Settings } from '../../../config/read-settings.ts';
import type { ServiceBusConnection } from '../../../config/settings.ts';
import { createCredential } from '../../../platform/credential.ts';
import type { MessageSource } from '../../../platform/messaging.ts';
import type { QueueReading } from './queue-instruments.ts';

export type ReadCounts = (source: MessageSource, signal: AbortSignal) => Promise<QueueReading>;

/**
 * Makes the function that asks the broker how many messages a source holds. The administration API demands more than the
 * right to receive, so in Azure an identity of its own asks (QUEUE_READER_CLIENT_ID), which does nothing else. The
 * function throws the `RestError` of the client: 401 without the role.
 */
export async function createQueueCounts(
  connection: ServiceBusConnection,
  { queueReaderClientId, serviceBusAdminUrl }: Pick<Settings, 'queueReaderClientId' | 'serviceBusAdminUrl'>,
  credential: TokenCredential | undefined,
): Promise<ReadCounts> {
  const reader = queueReaderClientId ? await createCredential(queueReaderClientId) : credential;
  const client = createClient(connection, reader);
  if (serviceBusAdminUrl) askLocally(client, serviceBusAdminUrl);

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

function createClient(connection: ServiceBusConnection, credential: TokenCredential | undefined) {
  // The reader asks again after a minute.
  const options = { retryOptions: { maxRetries: 0 } };
  if (connection.kind === 'connection-string')
    return new ServiceBusAdministrationClient(connection.connectionString, options);
  if (!credential) throw new Error('SERVICEBUS_NAMESPACE needs an Entra credential, and there is none.');
  return new ServiceBusAdministrationClient(connection.namespace, credential, options);
}

/** The client (7.9.5) knows no other address than https of the namespace. It must not ask a proxy for one on this machine. */
function askLocally(client: ServiceBusAdministrationClient, adminUrl: string): void {
  const { protocol, host } = new URL(adminUrl);
  client.pipeline.removePolicy({ name: 'proxyPolicy' });
  client.pipeline.addPolicy({
    name: 'localAdministration',
    sendRequest(request, next) {
      request.url = Object.assign(new URL(request.url), { protocol, host }).href;
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
}
