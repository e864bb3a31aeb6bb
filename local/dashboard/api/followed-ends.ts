import type { Follow } from '../../business/local-business.ts';
import { propertiesOf } from '../../queued-message.ts';
import type { ServiceBus } from '../../service-bus/index.ts';
import type { BrokerQueue } from './broker-queues.ts';

type Message = ReturnType<BrokerQueue['peek']>[number];

const MOST = 100_000;

/** The queue in whose dead letters a business's requests end; a subscription's is named `topic/subscription`. */
export function followedQueue(
  entities: ServiceBus['entities'] | undefined,
  { queue }: Follow,
): BrokerQueue | undefined {
  const [topic = '', subscription] = queue.split('/');
  return subscription === undefined
    ? entities?.queue(queue)?.queue
    : entities?.subscription(topic, subscription)?.queue;
}

/** The ids, as the business gave them, of what lies in a dead-letter queue. */
export function openDeadLetterIds(
  queue: BrokerQueue | undefined,
  { idProperty }: Follow,
  sentIdOf: (message: Message) => string,
): Set<string> {
  const dead = queue?.deadLetters?.peek(0, MOST) ?? [];
  return new Set(dead.map((message) => String((idProperty && propertiesOf(message)[idProperty]) ?? sentIdOf(message))));
}
