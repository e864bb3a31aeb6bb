import type { Directory } from '../directory.ts';
import {
  entityName,
  queueProperties,
  read,
  subscriptionName,
  subscriptionProperties,
  topicProperties,
} from '../entities.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
}

const QUEUE = /^\/queues\/(.+)$/;
const SUBSCRIPTION = /^\/topics\/(.+)\/subscriptions\/([^/]+)$/i;
const TOPIC = /^\/topics\/(.+)$/;

/** An entity by its path, with what can be done to it. */
interface Resource {
  put(body: unknown): void;
  /** Messages in it, dead letters and waiting ones too; `undefined` when it does not exist. */
  count(): number | undefined;
}

/**
 * The small interface for tests and tools beside the administration client's own: `PUT` (creates or replaces) and `GET` of
 * an entity, `DELETE /messages`. Throws `Error` with a sentence when a body or a name cannot be used, and `BrokerError`.
 */
export function runJsonOperation(directory: Directory, method: string, path: string, body: unknown): JsonAnswer {
  if (path === '/messages' && method === 'DELETE') {
    directory.clear();
    return { status: 200, body: { totalMessageCount: 0 } };
  }
  const resource = find(directory, path);
  if (!resource) return { status: 404, body: { error: `There is nothing at ${path}` } };
  if (method !== 'GET' && method !== 'PUT') return { status: 405, body: { error: `${path} takes GET and PUT` } };
  if (method === 'PUT') resource.put(body ?? {});
  const totalMessageCount = resource.count();
  if (totalMessageCount === undefined) return { status: 404, body: { error: `There is no entity at ${path}` } };
  return { status: 200, body: { totalMessageCount } };
}

function find(directory: Directory, path: string): Resource | undefined {
  const [, queue] = QUEUE.exec(path) ?? [];
  if (queue) {
    return {
      put: (body) => directory.putQueue(read(entityName, queue, queue), read(queueProperties, body, queue)),
      count: () => directory.queue(queue)?.queue.counts().total,
    };
  }
  const [, topicName, subscription] = SUBSCRIPTION.exec(path) ?? [];
  if (topicName && subscription) {
    return {
      put(body) {
        const name = read(subscriptionName, subscription, subscription);
        directory.putSubscription(topicName, name, read(subscriptionProperties, body, name));
      },
      count: () => directory.subscription(topicName, subscription)?.queue.counts().total,
    };
  }
  const [, topic] = TOPIC.exec(path) ?? [];
  if (!topic) return undefined;
  return {
    put: (body) => directory.putTopic(read(entityName, topic, topic), read(topicProperties, body, topic)),
    count() {
      const found = directory.topic(topic);
      return found?.subscriptions.reduce(
        (sum, { queue: each }) => sum + each.counts().total,
        found.topic.inbox.counts().total,
      );
    },
  };
}
