import { startAdministration } from './administration/administration-server.ts';
import { createFaults, type Faults } from './broker-faults.ts';
import { createDirectory, type Directory } from './directory.ts';
import { readEntities } from './entities.ts';
import { type Clock, systemClock } from './entity/broker-clock.ts';
import { conditions } from './entity/broker-error.ts';
import type { Queue } from './entity/queue.ts';
import { createFaultRules, type FaultRules } from './fault-rules.ts';
import { createDispatcher, type Dispatcher } from './link/dispatcher.ts';
import { createLinkRegistry } from './link/link-registry.ts';
import { startAmqpServer } from './wire/amqp-server.ts';
import { createAttach } from './wire/attach.ts';
import { createGuard } from './wire/frame-guard.ts';

export { readAddress } from './addresses.ts';
export { connectAdministration } from './administration/connect.ts';
export type { DetachOptions, Faults } from './broker-faults.ts';
export { readEntities } from './entities.ts';
export type { Clock } from './entity/broker-clock.ts';
export type { IgnoreOptions, RefuseOptions } from './fault-rules.ts';

export interface ServiceBusOptions {
  /** AMQP port on 127.0.0.1; 0 lets the system pick. */
  port?: number;
  /** The content of `infra/queues.json`. */
  entities: unknown;
  /** Gets a line when it starts and when something is odd. Nothing is logged by default. */
  log?: (line: string) => void;
  /** Demanded as `Authorization: Bearer` by the JSON endpoints that change state. */
  token?: string | undefined;
  /** For tests that must not wait for locks and lifetimes to end. */
  clock?: Clock;
}

export interface ServiceBus {
  /** For `new ServiceBusClient(...)`. */
  readonly connectionString: string;
  /** For `connectAdministration(...)` and the JSON endpoints. */
  readonly adminUrl: string;
  readonly port: number;
  readonly faults: Faults;
  /** What is there, read and added to from inside: no network, works while the broker is down. */
  readonly entities: Omit<Directory, 'source' | 'target' | 'stop'>;
  readonly refusals: FaultRules['refusals'];
  /** How many clients receive from a queue now. */
  receivers(queue: Queue): number;
  /** Closes everything; what was in it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts an in-memory Azure Service Bus to which the real SDK talks: a test double for development and tests. Throws when
 * `entities` cannot be used, when the port is taken, and in production.
 */
export async function startServiceBus({
  port = 0,
  entities,
  log = () => {},
  token,
  clock = systemClock,
}: ServiceBusOptions): Promise<ServiceBus> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('The Service Bus test double does not start where NODE_ENV is production: use a real namespace.');
  }
  const definitions = readEntities(entities);
  const rules = createFaultRules();
  const links = createLinkRegistry();
  const directory = createDirectory({
    definitions,
    clock,
    onGone: (gone) => {
      const ofIt = (queue: Queue): boolean => queue === gone || queue === gone.deadLetters;
      links.detach(ofIt, conditions.notFound, `The messaging entity '${gone.path}' could not be found.`);
    },
  });
  const dispatchers = new WeakMap<Queue, Dispatcher>();
  const dispatcherOf = (queue: Queue): Dispatcher => {
    const dispatcher = dispatchers.get(queue) ?? createDispatcher({ queue, delayMs: rules.deliveryDelayMs });
    dispatchers.set(queue, dispatcher);
    return dispatcher;
  };
  const attach = createAttach({ directory, links, faults: rules, guard: createGuard({ log }), dispatcherOf });
  const server = await startAmqpServer({ port, links, attach, log });
  const administration = await startAdministration({ directory, token }).catch(async (error: unknown) => {
    await server.end();
    throw error;
  });

  log(`Service Bus test double on 127.0.0.1:${server.port}, for development and tests only.`);
  return {
    connectionString: `Endpoint=sb://127.0.0.1:${server.port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`,
    adminUrl: administration.url,
    port: server.port,
    faults: createFaults({ rules, server, links }),
    entities: directory,
    refusals: rules.refusals,
    receivers: (queue) => dispatchers.get(queue)?.consumers ?? 0,
    async stop() {
      await Promise.all([server.end(), administration.stop()]);
      directory.stop();
    },
  };
}
