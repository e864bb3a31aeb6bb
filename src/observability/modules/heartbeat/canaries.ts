import { property } from '../../../platform/message-properties.ts';
import { copyQueueOf, type MessageSource, type Messaging } from '../../../platform/messaging.ts';

/**
 * Makes the function that puts a canary into each queue of this worker that is empty, and returns the names of those in
 * which a canary of an earlier call still lies: no worker has taken it. In a queue that is not empty ordinary messages
 * tell the same. The id repeats within `everyMs`, so that a queue with duplicate detection keeps one canary of all
 * replicas. A subscription gets none: its topic would give it to every other subscription too. Throws the error of the
 * broker.
 */
export function createCanaries({ sources, peek, sendCopy }: Messaging, everyMs: number, now = Date.now) {
  const queues = sources.filter((source) => copyQueueOf(source) === source.name);

  /** Whether a canary lies at the head of the queue. */
  async function visit(source: MessageSource): Promise<boolean> {
    const [first] = await peek(source, 1);
    if (first) return first.applicationProperties?.[property.canary] === true;
    const messageId = `canary-${source.name}-${Math.floor(now() / everyMs)}`;
    const message = { messageId, body: Buffer.alloc(0), applicationProperties: { [property.canary]: true } };
    await sendCopy({ entity: source.name, message });
    return false;
  }

  return async function sendCanaries(): Promise<string[]> {
    const unread = await Promise.all(queues.map(visit));
    return queues.filter((_, index) => unread[index]).map(({ name }) => name);
  };
}
