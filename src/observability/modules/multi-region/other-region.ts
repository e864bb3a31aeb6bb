import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredential } from '@azure/core-auth';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';
import { trace } from '@opentelemetry/api';
import { withDeadline } from '../../../platform/deadline.ts';
import { QueueUnavailable } from '../../../platform/errors.ts';
import type { Send } from '../../../platform/messaging.ts';

/** An open link renews its token in the async context in which it was opened: not in that of a request. */
const atRoot = AsyncLocalStorage.snapshot();
const silent = () => new Error('The broker of the other region did not answer.');

/**
 * The broker of the other region: a namespace, or the connection string of a local broker. A send may take `timeoutMs`.
 * Throws when a namespace comes without a credential.
 */
export function connectOtherRegion(target: string, credential: TokenCredential | undefined, timeoutMs: number) {
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: timeoutMs } };
  const createClient = () => {
    if (target.includes('=')) return new ServiceBusClient(target, options);
    if (!credential) throw new Error('SERVICEBUS_FALLBACK_NAMESPACE needs an Entra credential, and there is none.');
    return new ServiceBusClient(target, { getToken: (...all) => atRoot(() => credential.getToken(...all)) }, options);
  };
  const connect = () => ({ client: createClient(), links: new Map<string, ServiceBusSender>() });
  let connection = connect();
  const close = ({ client } = connection) => withDeadline(1_000, () => client.close(), silent).catch(() => {});

  async function open(entity: string, abortSignal: AbortSignal, { client, links } = connection) {
    const link = links.get(entity) ?? client.createSender(entity);
    links.set(entity, link);
    await atRoot(() => link.createMessageBatch({ abortSignal })); // opens it, or does nothing
    return link;
  }

  /** Throws `QueueUnavailable`. Without an answer the next send has a new connection: the SDK can lose itself in a broken one. */
  const send: Send = async (entity, message) => {
    const used = connection;
    const run = (abortSignal: AbortSignal) =>
      open(entity, abortSignal, used).then((link) => link.sendMessages(message, { abortSignal }));
    const late = () => {
      if (connection === used) {
        connection = connect();
        setTimeout(close, timeoutMs, used).unref(); // other sends may still be served by it
      }
      return silent();
    };
    await withDeadline(timeoutMs, run, late).catch((cause) => {
      throw new QueueUnavailable(`No region accepts the message for "${entity}".`, { cause });
    });
    trace.getActiveSpan()?.setAttribute('messaging.fallback', true);
  };
  return { send, open, close: () => close() };
}
