import type { TokenCredential } from '@azure/core-auth';
import type { Settings } from '../../config/read-settings.ts';
import type { Role, ServiceBusConnection } from '../../config/settings.ts';
import type { Business, BusinessSettings } from '../business.ts';
import type { Logger } from '../log.ts';
import type { CallMiddleware, MessageSource, Messaging, ReceiveMiddleware, SendMiddleware } from '../messaging.ts';
import { assignHandlers } from './assignments.ts';
import { createClient, namespaceOf } from './clients.ts';
import { checkEntities, healthChecksOf, usedEntity } from './entity-check.ts';
import { type Queues, readQueues } from './queues.ts';
import { createReceiver } from './receiver.ts';
import { createSender } from './sender.ts';

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

/** The Service Bus part of the service. Throws when the businesses do not match `infra/queues.json`. */
export function createMessaging(options: MessagingOptions) {
  const { connection, credential, businesses, roles, log, concurrency = 16, answerTimeoutMs = 10_000 } = options;
  const { settingsOf = () => ({}), queues = readQueues() } = options;
  const { around = [], receive = [], send: middlewares = [], call: calls = [] } = options;
  const { sendTimeoutMs, handlerTimeoutMs } = options.settings;
  const { assignments, targets: declared } = assignHandlers(businesses, settingsOf, queues);
  const connect = (tryTimeoutMs: number) => () => createClient(connection, credential, tryTimeoutMs);

  const sending = { createClient: connect(sendTimeoutMs), declared, middlewares, timeoutMs: sendTimeoutMs };
  const { send, sendCopy, open, close } = createSender(sending);
  const handling = { around, receive, calls, send, sendCopy, handlerTimeoutMs, answerTimeoutMs, log };
  const renewLockForMs = handlerTimeoutMs + sendTimeoutMs + answerTimeoutMs; // the handler, the copy, the settlement
  const receiving = { createClient: connect(Math.ceil(answerTimeoutMs / 4)), slots: concurrency, renewLockForMs };
  const receivers = (roles.includes('worker') ? assignments : []).map((assignment) =>
    createReceiver({ ...handling, ...receiving, assignment }),
  );
  const receiverOf = ({ name }: MessageSource) => {
    const receiver = receivers.find(({ source }) => source.name === name);
    if (!receiver) throw new Error(`This service does not receive from "${name}".`);
    return receiver;
  };
  const sendsHere = ({ start, routes, handlers }: Business) =>
    start !== undefined || (routes && roles.includes('api')) || (handlers && roles.includes('worker'));
  const sendsTo = new Set(businesses.filter(sendsHere).flatMap(({ sends = [] }) => sends));
  const used = [
    ...receivers.map(({ source: { name }, peekOne }) => usedEntity('receive from', name, peekOne)),
    ...[...sendsTo].map((name) => usedEntity('send to', name, (signal) => open(name, signal))),
  ];
  const stopping = new AbortController();
  let stopped: Promise<unknown> | undefined;
  /** Ends receiving. Running handlers may finish until `deadline` aborts. Sending still works. */
  const stopReceiving = async (deadline: AbortSignal): Promise<void> => {
    stopping.abort();
    stopped ??= Promise.all(receivers.map((receiver) => receiver.stop(deadline)));
    await stopped;
  };
  const messaging: Messaging = {
    sources: receivers.map(({ source }) => source),
    stopping: stopping.signal,
    send,
    sendCopy,
    isPaused: (source) => receiverOf(source).isPaused(),
    peek: async (source, ...page) => receiverOf(source).peek(...page),
    recycle: async (source) => receiverOf(source).recycle(),
  };

  return {
    messaging,
    checks: healthChecksOf(used),
    /** Throws when an entity is missing or forbidden. */
    checkEntities: () => checkEntities(namespaceOf(connection), used, log),
    start() {
      for (const receiver of receivers) receiver.start();
    },
    stopReceiving,
    /** Ends receiving, then sending: call it when the last request has been answered. */
    async stop(deadline: AbortSignal): Promise<void> {
      await stopReceiving(deadline);
      await close();
    },
  };
}
