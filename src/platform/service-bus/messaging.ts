import type { TokenCredential } from '@azure/core-auth';
import type { Settings } from '../../config/read-settings.ts';
import type { Role, ServiceBusConnection } from '../../config/settings.ts';
import type { Business, BusinessSettings } from '../business.ts';
import type { HealthCheck } from '../health.ts';
import type { Logger } from '../log.ts';
import type { CallMiddleware, MessageSource, Messaging, ReceiveMiddleware, SendMiddleware } from '../messaging.ts';
import { runThrough } from '../run-through.ts';
import { type Assignment, assignHandlers } from './assignments.ts';
import { createClient, namespaceOf } from './clients.ts';
import { checkEntities, healthChecksOf, usedEntity } from './entity-check.ts';
import { createHandling } from './handling.ts';
import { type Queues, readQueues } from './queues.ts';
import { createReceiver } from './receiver.ts';
import { createSender, type Sender } from './sender.ts';
import { createSettle } from './settle.ts';

interface MessagingOptions {
  connection: ServiceBusConnection;
  credential?: TokenCredential | undefined;
  businesses: readonly Business[];
  settingsOf?: (business: Business) => BusinessSettings;
  roles: readonly Role[];
  around?: readonly ReceiveMiddleware[];
  receive?: readonly ReceiveMiddleware[];
  send?: readonly SendMiddleware[];
  call?: readonly CallMiddleware[];
  settings: Pick<Settings, 'sendTimeoutMs' | 'handlerTimeoutMs'>;
  log: Logger;
  queues?: Queues;
  /** Messages that are handled at the same time, for each source. */
  concurrency?: number;
  /** Milliseconds that the broker may take to answer. After that a settlement fails and a connection is replaced. */
  answerTimeoutMs?: number;
}

export interface MessagingService {
  messaging: Messaging;
  checks: readonly HealthCheck[];
  /** Throws when an entity is missing or forbidden. */
  checkEntities(): Promise<void>;
  start(): void;
  /** Ends receiving. Running handlers may finish until `deadline` aborts. Sending still works. */
  stopReceiving(deadline: AbortSignal): Promise<void>;
  /** Ends receiving, then sending: call it when the last request has been answered. */
  stop(deadline: AbortSignal): Promise<void>;
}

/** The Service Bus part of the service. Throws when the businesses do not match `infra/queues.json`. */
export function createMessaging(options: MessagingOptions): MessagingService {
  const { connection, credential, businesses, roles, settings, log } = options;
  const { settingsOf = () => ({}), queues = readQueues(), send = [] } = options;
  const { sendTimeoutMs } = settings;
  const { assignments, targets } = assignHandlers({ businesses, settingsOf, queues });

  const sender = createSender({
    createClient: () => createClient({ connection, credential, tryTimeoutMs: sendTimeoutMs }),
    declared: targets,
    middlewares: send,
    timeoutMs: sendTimeoutMs,
  });
  const receivers = roles.includes('worker') ? createReceivers(options, assignments, sender) : [];
  const receiverOf = (source: MessageSource) => {
    const receiver = receivers.find((candidate) => candidate.source.name === source.name);
    if (!receiver) throw new Error(`This service does not receive from "${source.name}".`);
    return receiver;
  };
  const sendsTo = roles.includes('api') ? [...targets] : [];
  const used = [
    ...receivers.map(({ source: { name }, peek }) => usedEntity('receive from', name, (signal) => peek(1, signal))),
    ...sendsTo.map((name) => usedEntity('send to', name, (signal) => sender.open(name, signal))),
  ];
  const stopping = new AbortController();
  let stopped: Promise<unknown> | undefined;
  const stopReceiving = async (deadline: AbortSignal) => {
    stopping.abort();
    stopped ??= Promise.all(receivers.map((receiver) => receiver.stop(deadline)));
    await stopped;
  };

  return {
    messaging: {
      sources: receivers.map(({ source }) => source),
      stopping: stopping.signal,
      send: sender.send,
      peek: async (source, maxMessages) => receiverOf(source).peek(maxMessages),
      recycle: async (source) => receiverOf(source).recycle(),
    },
    checks: healthChecksOf(used),
    checkEntities: () => checkEntities({ namespace: namespaceOf(connection), entities: used, log }),
    start() {
      for (const receiver of receivers) receiver.start();
    },
    stopReceiving,
    async stop(deadline) {
      await stopReceiving(deadline);
      await sender.close();
    },
  };
}

function createReceivers(options: MessagingOptions, assignments: readonly Assignment[], { sendCopy }: Sender) {
  const { connection, credential, settings, log, concurrency = 16, answerTimeoutMs = 10_000 } = options;
  const { around = [], receive = [], call: calls = [] } = options;
  const { sendTimeoutMs, handlerTimeoutMs } = settings;
  const settle = createSettle({ sendCopy, log, timeoutMs: answerTimeoutMs });
  const call = <T>(dependency: string, run: () => Promise<T>) => runThrough<string, T>(calls, dependency, run);

  return assignments.map((assignment) =>
    createReceiver({
      source: assignment.source,
      createClient: () => createClient({ connection, credential, tryTimeoutMs: Math.ceil(answerTimeoutMs / 4) }),
      createHandling: (consumer) =>
        createHandling({ assignment, consumer, around, receive, call, settle, handlerTimeoutMs, log }),
      slots: concurrency,
      answerTimeoutMs,
      renewLockForMs: handlerTimeoutMs + sendTimeoutMs + answerTimeoutMs, // the handler, the copy, the settlement
      log,
    }),
  );
}
