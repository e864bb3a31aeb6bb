import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredential } from '@azure/core-auth';
import { parseServiceBusConnectionString, ServiceBusClient, type ServiceBusReceiver } from '@azure/service-bus';
import type { ServiceBusConnection } from '../../config/settings.ts';
import { withDeadline } from '../deadline.ts';
import type { MessageSource } from '../messaging.ts';

interface ClientOptions {
  connection: ServiceBusConnection;
  credential?: TokenCredential | undefined;
  /** How long the SDK waits for one answer of the broker, in milliseconds. */
  tryTimeoutMs?: number;
}

/**
 * Runs in the context of the program's start, free of any request and message. A link renews its token for as long as
 * it lives, in the context in which it was opened: opened by a request, each renewal would belong to that request.
 */
export const atRoot = AsyncLocalStorage.snapshot();

/**
 * A connection of its own, by connection string (local) or by namespace and Entra credential (Azure). Sending and
 * receiving get one each: whatever trace is active when a connection opens becomes the parent of all that arrives on
 * it, so a connection opened by a request would hang every later message under that request.
 *
 * The SDK's own retries are off: they wait 30 s by default, and once aborted they lose the broker's error. `persist.ts`
 * tries again within our deadlines and keeps it.
 */
export function createClient({ connection, credential, tryTimeoutMs = 5_000 }: ClientOptions): ServiceBusClient {
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: tryTimeoutMs } };
  if (connection.kind === 'connection-string') return new ServiceBusClient(connection.connectionString, options);
  if (!credential) throw new Error('SERVICEBUS_NAMESPACE needs an Entra credential, and there is none.');
  // Also for the links that the SDK opens by itself, such as one to settle what came on a link that is gone.
  const getToken: TokenCredential['getToken'] = (...asked) => atRoot(() => credential.getToken(...asked));
  return new ServiceBusClient(connection.namespace, { getToken }, options);
}

/** What people call it in messages; nothing of a key. */
export const namespaceOf = (connection: ServiceBusConnection): string =>
  connection.kind === 'namespace'
    ? connection.namespace
    : parseServiceBusConnectionString(connection.connectionString).fullyQualifiedNamespace;

/**
 * A receiver link of its own for the source. Body and dates stay as they were sent: a file may be valid JSON, and a
 * copy must be equal. Locks are renewed for `renewLockForMs`; the SDK does nothing when the lock is longer than that.
 * `subQueueType`: to its dead letters instead.
 */
export function openReceiver(
  client: ServiceBusClient,
  { name, queue, topic, subscription }: MessageSource,
  renewLockForMs = 0,
  subQueueType?: 'deadLetter',
): ServiceBusReceiver {
  const options = {
    ...(subQueueType && { subQueueType }),
    maxAutoLockRenewalDurationInMs: renewLockForMs,
    skipParsingBodyAsJson: true,
    skipConvertingDate: true,
  };
  if (topic && subscription) return client.createReceiver(topic, subscription, options);
  return client.createReceiver(queue ?? name, options);
}

/** In a second at most. A connection that is already gone may refuse, or hang. */
export const closeClient = (client: ServiceBusClient): Promise<void> =>
  withDeadline(
    1_000,
    () => client.close(),
    () => new Error('The connection did not close.'),
  ).catch(() => {});
