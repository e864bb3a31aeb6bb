import type { TokenCredential } from '@azure/core-auth';
import type { ServiceBusReceiver } from '@azure/service-bus';
import type { ServiceBusConnection } from '../../config/settings.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { MessageSource, Outgoing, SendMiddleware } from '../../platform/messaging.ts';
import { closeClient, createClient, namespaceOf } from '../../platform/service-bus/clients.ts';
import { persist } from '../../platform/service-bus/persist.ts';
import { createSender } from '../../platform/service-bus/sender.ts';
import { explain } from './explain.ts';

/** The Service Bus that a command works on. Its errors say what to do. */
export interface Bus {
  namespace: string;
  /** A link of its own to the dead letters of the source; nothing is renewed, nothing of a body is parsed. */
  openDeadLetters(source: MessageSource): ServiceBusReceiver;
  /** Tries again while the broker's error is one that can pass, for `answerTimeoutMs` at most. */
  ask<T>(source: MessageSource, run: () => Promise<T>): Promise<T>;
  /** Resolves when the broker has accepted the copy. */
  sendCopy(outgoing: Outgoing): Promise<void>;
  close(): Promise<void>;
}

interface BusOptions {
  connection: ServiceBusConnection;
  credential?: TokenCredential | undefined;
  /** Of the service's modules: what a copy carries of its story. */
  send: readonly SendMiddleware[];
  answerTimeoutMs: number;
}

export function openBus({ connection, credential, send, answerTimeoutMs }: BusOptions): Bus {
  const namespace = namespaceOf(connection);
  const connect = () => createClient({ connection, credential, tryTimeoutMs: answerTimeoutMs / 2 });
  const client = connect();
  const sender = createSender({
    createClient: connect,
    declared: new Set(),
    middlewares: send,
    timeoutMs: answerTimeoutMs,
  });
  const late = (cause: unknown) =>
    Object.assign(new Error(cause instanceof Error ? cause.message : 'no answer', { cause }), {
      code: 'ServiceTimeout',
    });

  return {
    namespace,
    openDeadLetters({ name, queue, topic, subscription }) {
      const options = {
        subQueueType: 'deadLetter',
        maxAutoLockRenewalDurationInMs: 0,
        skipParsingBodyAsJson: true, // a copy must be equal
        skipConvertingDate: true,
      } as const;
      if (topic && subscription) return client.createReceiver(topic, subscription, options);
      return client.createReceiver(queue ?? name, options);
    },
    async ask(source, run) {
      let last: unknown;
      try {
        const told = (error: unknown) => {
          last = error;
        };
        return await withDeadline(
          answerTimeoutMs,
          (signal) => persist(signal, run, told),
          () => late(last),
        );
      } catch (error) {
        throw explain({ namespace, entity: source.name, use: 'receive from' }, error);
      }
    },
    async sendCopy(outgoing) {
      try {
        await sender.sendCopy(outgoing);
      } catch (error) {
        throw explain({ namespace, entity: outgoing.entity, use: 'send to' }, error);
      }
    },
    async close() {
      await Promise.all([closeClient(client), sender.close()]);
    },
  };
}
