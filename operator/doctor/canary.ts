import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusClient, ServiceBusReceiver } from '@azure/service-bus';
import { originalIdOf, property } from '../../src/platform/message-properties.ts';
import type { MessageSource } from '../../src/platform/messaging.ts';
import { closeClient, createClient, namespaceOf, openReceiver } from '../../src/platform/service-bus/clients.ts';
import { browse } from '../browse.ts';
import { CommandRefused } from '../command-refused.ts';
import { explainRefusal } from '../explain-refusal.ts';
import { type DoctorContext, type Found, when } from './doctor-check.ts';
import { openEntities } from './open-entities.ts';
import { readSound } from './read-checkout.ts';

/** Sends a canary to each queue that has a handler, and waits until it is completed. Throws `CommandRefused`. */
export async function followCanaries({ target, ask, patienceMs }: DoctorContext): Promise<Found> {
  const { connection, credential, maySend } = target;
  if (!(await ask(openEntities)).usable) return {};
  if (!connection || !maySend) throw new CommandRefused('it sends a message: add --send');
  const queues = ask(readSound).handled.filter(({ queue }) => queue !== undefined);
  const client = createClient(connection, credential);
  const refuse = (entity: string) => (error: unknown) => {
    const told = explainRefusal({ namespace: namespaceOf(connection), entity, use: 'send to' }, error);
    throw new CommandRefused((told as Error).message);
  };
  const follow = (source: MessageSource) => followCanary(client, source, patienceMs).catch(refuse(source.name));
  const sentences = await Promise.all(queues.map(follow)).finally(() => void closeClient(client));
  return { 'message-not-completed': sentences.flat() };
}

async function followCanary(client: ServiceBusClient, source: MessageSource, patienceMs: number) {
  const id = randomUUID();
  const message = { messageId: id, body: Buffer.alloc(0), applicationProperties: { [property.canary]: true } };
  await client.createSender(source.name).sendMessages(message);
  const waiting = openReceiver(client, source);
  for (const end = performance.now() + patienceMs; await holds(waiting, id); await sleep(250))
    if (performance.now() > end) return [`${source.name}: the message ${id} still waits after ${patienceMs} ms.`];
  const isDead = await holds(openReceiver(client, source, 0, 'deadLetter'), id);
  return when(isDead, `${source.name}: the message ${id} is in the dead-letter queue.`);
}

/** Whether the receiver's queue has a message or one of its copies. */
async function holds(receiver: ServiceBusReceiver, id: string): Promise<boolean> {
  for await (const message of browse(receiver, (run) => run())) if (originalIdOf(message) === id) return true;
  return false;
}
