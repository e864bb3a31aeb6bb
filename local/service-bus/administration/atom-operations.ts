import type { Directory } from '../directory.ts';
import {
  entityName,
  queueProperties,
  read,
  subscriptionName,
  subscriptionProperties,
  topicProperties,
} from '../entities.ts';
import { type AtomEntry, readDescription, writeEntry, writeFault, writeFeed } from './atom.ts';
import { queueEntry, subscriptionEntry, topicEntry } from './atom-entries.ts';

export interface AtomRequest {
  readonly method: string;
  /** Path without its first slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** The client wants an existing entity changed: `If-Match: *`. */
  readonly update: boolean;
  readonly baseUrl: string;
}

export interface AtomAnswer {
  readonly status: number;
  readonly xml: string;
}

const SUBSCRIPTION = /^(.+)\/subscriptions\/([^/]+)$/i;
const SUBSCRIPTIONS = /^(.+)\/subscriptions$/i;
const RULES = /\/subscriptions\/[^/]+\/rules(?:\/|$)/i;
const DEFAULT_PAGE = 100;

/**
 * The part of Azure's administration interface that creates, reads, lists and deletes entities. Throws `Error` with a
 * sentence when a description cannot be used, and `BrokerError`.
 */
export async function runAtomOperation(directory: Directory, request: AtomRequest): Promise<AtomAnswer> {
  const { method, path, baseUrl } = request;
  if (RULES.test(path)) return fault(501, 'Rules and filters are not supported by this Service Bus test double.');
  if (method === 'PUT') return put(directory, request);
  if (method === 'DELETE') return remove(directory, path) ? { status: 200, xml: '' } : missing(path);
  if (method !== 'GET') return fault(405, `${method} is not supported by this Service Bus test double.`);
  if (path === '$namespaceinfo') return { status: 200, xml: writeEntry(namespaceEntry(), baseUrl) };
  const listed = list(directory, path);
  if (listed) return page(listed, request);
  const found = find(directory, path);
  return found ? { status: 200, xml: writeEntry(found, baseUrl) } : missing(path);
}

function find(directory: Directory, path: string): AtomEntry | undefined {
  const [, topicName, name] = SUBSCRIPTION.exec(path) ?? [];
  const subscription = topicName && name ? directory.subscription(topicName, name) : undefined;
  if (subscription) return subscriptionEntry(subscription);
  const [queue, topic] = [directory.queue(path), directory.topic(path)];
  if (queue) return queueEntry(queue);
  return topic && topicEntry(topic);
}

function list(directory: Directory, path: string): AtomEntry[] | undefined {
  if (/^\$resources\/queues$/i.test(path)) return directory.queues().map(queueEntry);
  if (/^\$resources\/topics$/i.test(path)) return directory.topics().map(topicEntry);
  const [, topicName = ''] = SUBSCRIPTIONS.exec(path) ?? [];
  return directory.topic(topicName)?.subscriptions.map(subscriptionEntry);
}

function page(entries: AtomEntry[], { path, query, baseUrl }: AtomRequest): AtomAnswer {
  const skip = Number(query.get('$skip') ?? 0);
  const next = skip + Number(query.get('$top') ?? DEFAULT_PAGE);
  const nextUrl = next < entries.length ? `${baseUrl}/${path}?$skip=${next}` : undefined;
  return { status: 200, xml: writeFeed(entries.slice(skip, next), baseUrl, nextUrl) };
}

async function put(directory: Directory, { path, body, update, baseUrl }: AtomRequest): Promise<AtomAnswer> {
  if (update) return fault(501, 'Changing an entity is not supported by this Service Bus test double.');
  if (find(directory, path)) return fault(409, `SubCode=40900. Conflict. The entity '${path}' exists already.`);
  const description = await readDescription(body);
  if (!description) return fault(400, 'SubCode=40000. Bad Request. The body describes no entity.');
  create(directory, path, description);
  const created = find(directory, path);
  return created ? { status: 201, xml: writeEntry(created, baseUrl) } : missing(path);
}

function create(directory: Directory, path: string, { kind, properties }: { kind: string; properties: object }): void {
  const [, topicName, name] = SUBSCRIPTION.exec(path) ?? [];
  if (topicName && name) {
    const own = read(subscriptionName, name, name);
    directory.putSubscription(topicName, own, read(subscriptionProperties, properties, path));
  } else if (kind === 'TopicDescription') {
    directory.putTopic(read(entityName, path, path), read(topicProperties, properties, path));
  } else {
    directory.putQueue(read(entityName, path, path), read(queueProperties, properties, path));
  }
}

function remove(directory: Directory, path: string): boolean {
  const [, topicName, name] = SUBSCRIPTION.exec(path) ?? [];
  if (topicName && name) return directory.removeSubscription(topicName, name);
  return directory.removeQueue(path) || directory.removeTopic(path);
}

function namespaceEntry(): AtomEntry {
  const started = new Date(0).toISOString();
  const fields = { CreatedTime: started, ModifiedTime: started, MessagingSKU: 'Standard', Name: 'test-double' };
  return { path: '$namespaceinfo', kind: 'NamespaceInfo', fields };
}

function missing(path: string): AtomAnswer {
  return fault(404, `SubCode=40400. Not Found. The entity '${path}' could not be found.`);
}

function fault(status: number, detail: string): AtomAnswer {
  return { status, xml: writeFault(status, detail) };
}
