import type { QueueEntry, SubscriptionEntry, TopicEntry } from '../directory.ts';
import type { QueueCounts } from '../entity/queue.ts';
import { type AtomEntry, countDetails } from './atom.ts';

/** Elements of the schema by the name of the property; what is not listed has the property's name in Pascal case. */
const ELEMENTS: Readonly<Record<string, string>> = { availabilityStatus: 'EntityAvailabilityStatus' };

export function queueEntry({ name, queue, properties, createdAt }: QueueEntry): AtomEntry {
  const counts = queue.counts();
  const fields = { ...elements(properties), ...dates(createdAt), ...countElements(counts), SizeInBytes: counts.bytes };
  return { path: name, kind: 'QueueDescription', fields };
}

export function topicEntry({ name, topic, properties, createdAt, subscriptions }: TopicEntry): AtomEntry {
  const counts = topic.inbox.counts();
  const fields = {
    ...elements(properties),
    ...dates(createdAt),
    SizeInBytes: counts.bytes,
    SubscriptionCount: subscriptions.length,
    CountDetails: countDetails(counts),
  };
  return { path: name, kind: 'TopicDescription', fields };
}

export function subscriptionEntry({ name, topicName, queue, properties, createdAt }: SubscriptionEntry): AtomEntry {
  const fields = { ...elements(properties), ...dates(createdAt), ...countElements(queue.counts()) };
  return { path: `${topicName}/Subscriptions/${name}`, kind: 'SubscriptionDescription', fields };
}

function countElements(counts: QueueCounts): object {
  return { MessageCount: counts.total, CountDetails: countDetails(counts) };
}

function dates(createdAt: Date): object {
  const created = createdAt.toISOString();
  return { CreatedAt: created, UpdatedAt: created, AccessedAt: created };
}

function elements(properties: object): object {
  const given = { availabilityStatus: 'Available', ...properties };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    named.map(([name, value]) => [ELEMENTS[name] ?? name.slice(0, 1).toUpperCase() + name.slice(1), value]),
  );
}
