import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredential } from '@azure/core-auth';
import { parseServiceBusConnectionString, ServiceBusClient, type ServiceBusReceiver } from '@azure/service-bus';
import type { ServiceBusConnection } from '../../config/settings.ts';
import { withDeadline } from '../deadline.ts';
import type { MessageSource } from '../messaging.ts';

/**
 * Runs a function in the async context of the program's start, outside of any request or message. An open link renews
 * its token in the context in which it was opened. If a request opened it, each renewal would belong to that request.
 */
export const atRoot = AsyncLocalStorage.snapshot();

/**
 * Makes a client with a separate connection, by connection string (local) or by namespace and Entra credential (Azure).
 * Sending and receiving have one each: the trace that is active when a connection opens becomes the parent of
 * everything that arrives on it, so a connection opened by a request would make every later message a child of that
 * request.
 *
 * The SDK's own retries are off: they wait 30 s by default, and lose the broker's error when they are aborted.
 * `persist.ts` retries within our deadlines and keeps the error. One answer of the broker may take `tryTimeoutMs`. Throws
 * when a namespace comes without a credential.
 */
export function createClient(connection: ServiceBusConnection, credential?: TokenCredential, tryTimeoutMs = 5_000) {
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: tryTimeoutMs } };
  if (connection.kind === 'connection-string') return new ServiceBusClient(connection.connectionString, options);
  if (!credential) throw new Error('SERVICEBUS_NAMESPACE needs an Entra credential, and there is none.');
  // The SDK also opens links by itself, such as a link to settle messages of a link that has closed.
  const getToken: TokenCredential['getToken'] = (...asked) => atRoot(() => credential.getToken(...asked));
  return new ServiceBusClient(connection.namespace, { getToken }, options);
}

/** The name of the namespace for error messages, without any part of a key. */
export const namespaceOf = (connection: ServiceBusConnection): string =>
  connection.kind === 'namespace'
    ? connection.namespace
    : parseServiceBusConnectionString(connection.connectionString).fullyQualifiedNamespace;

/**
 * Makes a separate receiver link for the source. The SDK leaves body and dates as they were sent, because a copy must
 * be equal and a file may be valid JSON. It renews locks for `renewLockForMs`, but not a lock that is longer than that.
 * With `subQueueType` the link receives the dead letters of the source.
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

const tooSlow = () => new Error('The connection did not close.');

/** Closes the connection. Waits a second at most, because a broken connection may hang. Never throws. */
export const closeClient = (client: ServiceBusClient): Promise<void> =>
  withDeadline(1_000, () => client.close(), tooSlow).catch(() => {});
