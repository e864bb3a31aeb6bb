import type { ServiceBusClient, ServiceBusSender } from '@azure/service-bus';
import { withDeadline } from '../deadline.ts';
import type { Outgoing } from '../messaging.ts';
import { atRoot, closeClient } from './clients.ts';

interface SendingConnectionOptions {
  createClient(): ServiceBusClient;
  /** One try may take half of it, in milliseconds. */
  timeoutMs: number;
}

/** The connection that messages leave through, with one link for each entity, and its replacement when the broker is silent. */
export function createSendingConnection({ createClient, timeoutMs }: SendingConnectionOptions) {
  const connect = () => ({ client: createClient(), links: new Map<string, ServiceBusSender>() });
  let connection = connect();
  const replaced = new Set<ServiceBusClient>();
  const openLink = async ({ client, links }: typeof connection, entity: string, abortSignal: AbortSignal) => {
    const link = links.get(entity) ?? client.createSender(entity);
    links.set(entity, link);
    await atRoot(() => link.createMessageBatch({ abortSignal })); // opens it, or does nothing
    return link;
  };

  async function retire(client: ServiceBusClient): Promise<void> {
    await closeClient(client);
    replaced.delete(client);
  }

  /** One try. When it is not answered, the next has a new connection: the SDK can lose itself for a minute in a broken one. */
  function send({ entity, message }: Outgoing, deadline: AbortSignal): Promise<void> {
    const used = connection;
    const run = async (signal: AbortSignal) => {
      const abortSignal = AbortSignal.any([signal, deadline]);
      const opened = await openLink(used, entity, abortSignal);
      await opened.sendMessages(message, { abortSignal });
    };
    return withDeadline(timeoutMs / 2, run, () => {
      if (connection === used) {
        connection = connect();
        replaced.add(used.client);
        setTimeout(retire, timeoutMs, used.client).unref(); // other sends may still be served by it
      }
      return Object.assign(new Error('Service Bus did not answer.'), { code: 'ServiceTimeout' });
    });
  }

  return {
    send,
    /** Throws what the broker says, when it does not let us. */
    async open(entity: string, signal: AbortSignal): Promise<void> {
      await openLink(connection, entity, signal);
    },
    async close(): Promise<void> {
      await Promise.all([connection.client, ...replaced].map(closeClient));
    },
  };
}
