import { AsyncLocalStorage } from 'node:async_hooks';
import { originalIdOf, ownPrefix, textIn } from '../../../platform/message-properties.ts';
import type { ReceivedMessage, ReceiveMiddleware, SendMiddleware } from '../../../platform/messaging.ts';
import type { Hashes } from './hashes.ts';

const property = `${ownPrefix}producer`;
const unknown = 'unknown';

/** Says for whom this process is working: the hash of the caller, once the token check has found one. */
export type Serving = AsyncLocalStorage<() => string | undefined>;

/**
 * Writes on each first send for whom it is: the hash of the caller, with a proof for this message, so that no other sender
 * can name a caller. What a handler sends has the producer of the handled message. Copies keep the property.
 */
export function createProducers({ proof }: Pick<Hashes, 'proof'>) {
  const serving: Serving = new AsyncLocalStorage();

  /** `unknown` for a message of another sender, or one that was stamped with another key. */
  function producerOf(message: ReceivedMessage): string {
    const [producer = '', given] = textIn(message.applicationProperties, property)?.split('.') ?? [];
    return given === proof(producer, originalIdOf(message)) ? producer : unknown;
  }

  const send: SendMiddleware = async function stampProducer(outgoing, next) {
    const { message, cause } = outgoing;
    const producer = cause ? unknown : (serving.getStore()?.() ?? unknown);
    if (producer !== unknown) {
      const stamp = { [property]: `${producer}.${proof(producer, originalIdOf(message))}` };
      outgoing.message = { ...message, applicationProperties: { ...message.applicationProperties, ...stamp } };
    }
    await next();
  };
  const around: ReceiveMiddleware = (delivery, next) => serving.run(() => producerOf(delivery.message), next);

  return { serving, producerOf, send, around };
}
