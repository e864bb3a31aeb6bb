import { readAddress } from './addresses.ts';
import {
  type EntityDefinitions,
  engineSettings,
  type QueueProperties,
  type SubscriptionProperties,
  type TopicProperties,
} from './entities.ts';
import type { Clock } from './entity/broker-clock.ts';
import { BrokerError, conditions, entityNotFound } from './entity/broker-error.ts';
import { createQueue, type Queue } from './entity/queue.ts';
import { createTopic, type Topic } from './entity/topic.ts';

export interface QueueEntry {
  readonly name: string;
  readonly queue: Queue;
  readonly properties: QueueProperties;
  readonly createdAt: Date;
}

export interface SubscriptionEntry {
  readonly name: string;
  readonly topicName: string;
  readonly queue: Queue;
  readonly properties: SubscriptionProperties;
  readonly createdAt: Date;
}

export interface TopicEntry {
  readonly name: string;
  readonly topic: Topic;
  readonly properties: TopicProperties;
  readonly createdAt: Date;
  readonly subscriptions: readonly SubscriptionEntry[];
}

/** The entities of the namespace. Names do not care about upper and lower case. */
export interface Directory {
  queues(): QueueEntry[];
  topics(): TopicEntry[];
  queue(name: string): QueueEntry | undefined;
  topic(name: string): TopicEntry | undefined;
  subscription(topicName: string, name: string): SubscriptionEntry | undefined;
  /** Where an address is received or peeked from. Throws `BrokerError` when there is nothing, or only a topic. */
  source(address: string): Queue;
  /** Where an address is sent to: a queue or a topic's inbox. Throws `BrokerError`. */
  target(address: string): Queue;
  /** Creates the entity or replaces it, messages and all. */
  putQueue(name: string, properties: QueueProperties): void;
  putTopic(name: string, properties: TopicProperties): void;
  /** Throws `BrokerError` when there is no such topic. */
  putSubscription(topicName: string, name: string, properties: SubscriptionProperties): void;
  /** Answers whether there was something to remove. */
  removeQueue(name: string): boolean;
  removeTopic(name: string): boolean;
  removeSubscription(topicName: string, name: string): boolean;
  clear(): void;
  stop(): void;
}

export interface DirectoryOptions {
  definitions: EntityDefinitions;
  clock: Clock;
  /** Called when an entity went, so that links to it can be closed. */
  onGone(queue: Queue): void;
}

/** Creates the directory with its first entities. Throws `BrokerError` when a topic is called like a queue. */
export function createDirectory({ definitions, clock, onGone }: DirectoryOptions): Directory {
  const queues = new Map<string, QueueEntry>();
  const topics = new Map<string, TopicEntry & { subscriptions: SubscriptionEntry[] }>();
  const keyOf = (name: string): string => name.toLowerCase();

  const drop = (...gone: Queue[]): void => {
    for (const queue of gone) {
      queue.stop();
      onGone(queue);
    }
  };

  const claim = (name: string, others: ReadonlyMap<string, unknown>): void => {
    if (others.has(keyOf(name))) {
      throw new BrokerError(conditions.notAllowed, `The name ${name} is taken by an entity of another type.`);
    }
  };

  const queue: Directory['queue'] = (name) => queues.get(keyOf(name));
  const topic: Directory['topic'] = (name) => topics.get(keyOf(name));
  const subscription: Directory['subscription'] = (topicName, name) =>
    topic(topicName)?.subscriptions.find((each) => keyOf(each.name) === keyOf(name));

  const removeQueue: Directory['removeQueue'] = (name) => {
    const entry = queue(name);
    if (entry) drop(entry.queue);
    return queues.delete(keyOf(name));
  };
  const removeTopic: Directory['removeTopic'] = (name) => {
    const entry = topic(name);
    if (entry) drop(entry.topic.inbox, ...entry.subscriptions.map((each) => each.queue));
    return topics.delete(keyOf(name));
  };
  const removeSubscription: Directory['removeSubscription'] = (topicName, name) => {
    const [parent, entry] = [topics.get(keyOf(topicName)), subscription(topicName, name)];
    if (!parent || !entry) return false;
    parent.topic.subscriptions.delete(keyOf(name));
    parent.subscriptions = parent.subscriptions.filter((each) => each !== entry);
    drop(entry.queue);
    return true;
  };

  const directory: Directory = {
    queues: () => [...queues.values()],
    topics: () => [...topics.values()],
    queue,
    topic,
    subscription,
    source(address) {
      const { name, topicName, deadLetters } = readAddress(address);
      const found = topicName === undefined ? queue(name)?.queue : subscription(topicName, name)?.queue;
      const source = deadLetters ? found?.deadLetters : found;
      if (source) return source;
      if (topic(address)) {
        throw new BrokerError(conditions.notAllowed, `'${address}' is a topic: receive from one of its subscriptions.`);
      }
      throw entityNotFound(address);
    },
    target(address) {
      const found = queue(address)?.queue ?? topic(address)?.topic.inbox;
      if (found) return found;
      throw entityNotFound(address);
    },
    putQueue(name, properties) {
      claim(name, topics);
      removeQueue(name);
      const created = createQueue({ path: name, settings: engineSettings(properties), clock });
      queues.set(keyOf(name), { name, queue: created, properties, createdAt: new Date(clock.now()) });
    },
    putTopic(name, properties) {
      claim(name, queues);
      removeTopic(name);
      const created = createTopic({ path: name, settings: engineSettings(properties), clock });
      const createdAt = new Date(clock.now());
      topics.set(keyOf(name), { name, topic: created, properties, createdAt, subscriptions: [] });
    },
    putSubscription(topicName, name, properties) {
      const parent = topics.get(keyOf(topicName));
      if (!parent) throw entityNotFound(topicName);
      removeSubscription(topicName, name);
      const path = `${parent.name}/Subscriptions/${name}`;
      const created = createQueue({ path, settings: engineSettings(properties), clock });
      parent.topic.subscriptions.set(keyOf(name), created);
      const createdAt = new Date(clock.now());
      parent.subscriptions.push({ name, topicName: parent.name, queue: created, properties, createdAt });
    },
    removeQueue,
    removeTopic,
    removeSubscription,
    clear() {
      for (const each of queues.values()) each.queue.clear();
      for (const each of topics.values()) {
        each.topic.inbox.clear();
        for (const { queue: inner } of each.subscriptions) inner.clear();
      }
    },
    stop() {
      for (const { name } of directory.queues()) removeQueue(name);
      for (const { name } of directory.topics()) removeTopic(name);
    },
  };

  for (const [name, properties] of Object.entries(definitions.queues)) directory.putQueue(name, properties);
  for (const [name, { subscriptions, ...properties }] of Object.entries(definitions.topics)) {
    directory.putTopic(name, properties);
    for (const [inner, own] of Object.entries(subscriptions)) directory.putSubscription(name, inner, own);
  }
  return directory;
}
