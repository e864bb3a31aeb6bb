import type { Follow } from '../../business/local-business.ts';
import { propertiesOf, sentIdOf } from '../../queued-message.ts';
import type { ServiceBus } from '../../service-bus/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { BrokerQueue } from './broker-queues.ts';
import type { SentItem } from './contract.ts';

type Message = ReturnType<BrokerQueue['peek']>[number];

const MOST = 100_000;
const FOLLOW_MS = 500;

/** An item, the id of its message, and where that ends. */
interface Followed {
  id: string;
  item: SentItem;
  follow: Follow;
}

/** The queue in whose dead letters a business's requests end; a subscription's is named `topic/subscription`. */
function followedQueue(entities: ServiceBus['entities'] | undefined, { queue }: Follow): BrokerQueue | undefined {
  const [topic = '', subscription] = queue.split('/');
  return subscription === undefined
    ? entities?.queue(queue)?.queue
    : entities?.subscription(topic, subscription)?.queue;
}

/** The ids, as the business gave them, of what lies in a dead-letter queue. */
function openDeadLetterIds(
  queue: BrokerQueue | undefined,
  { idProperty }: Follow,
  sentIdOf: (message: Message) => string,
): Set<string> {
  const dead = queue?.deadLetters?.peek(0, MOST) ?? [];
  return new Set(dead.map((message) => String((idProperty && propertiesOf(message)[idProperty]) ?? sentIdOf(message))));
}

/** Writes to items what became of their messages: in the ledger of a destination, or among the dead letters. */
export function followEnds({ serviceBus, ledger }: Pick<DashboardParts, 'serviceBus' | 'ledger'>): {
  add(followed: Followed): void;
  stop(): void;
} {
  // By item: a repeat has the id of the first.
  const waiting = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  /** A delivery counts before a dead letter: it may have been delivered and not settled. */
  const look = () => {
    const dead = new Map<string, Set<string>>();
    for (const { id, item, follow } of waiting.values()) {
      const [delivered] = ledger(id);
      const ids =
        dead.get(follow.queue) ?? openDeadLetterIds(followedQueue(serviceBus?.entities, follow), follow, sentIdOf);
      dead.set(follow.queue, ids);
      if (delivered) Object.assign(item, { state: 'delivered', destination: delivered.destination });
      else item.state = ids.has(id) ? 'dead-lettered' : 'accepted';
      // A dead letter may be replayed and delivered later.
      if (delivered) waiting.delete(item.id);
    }
    if (waiting.size === 0) stop();
  };
  return {
    add(followed) {
      waiting.set(followed.item.id, followed);
      timer ??= setInterval(look, FOLLOW_MS).unref();
    },
    stop,
  };
}
