import { type TestContext, vi } from 'vitest';
import type { Business, Handler } from '../../../../src/platform/business.ts';
import { originalIdOf, property } from '../../../../src/platform/message-properties.ts';
import type { Properties, ReceivedMessage, Settlement } from '../../../../src/platform/messaging.ts';
import { readQueues } from '../../../../src/platform/service-bus/queues.ts';
import { createMessaging } from '../../../../src/platform/service-bus/service-bus-messaging.ts';
import { recordingLog } from '../../../../test/platform/service-bus/recording-log.ts';
import { sentIdOf } from '../../../queued-message.ts';
import { type ServiceBus, startServiceBus } from '../../../service-bus/index.ts';

type Ends = Pick<TestContext, 'onTestFinished'>;
type MessagingOptions = Parameters<typeof createMessaging>[0];

export interface Given extends Partial<MessagingOptions> {
  /** A broker that several share. */
  bus?: ServiceBus;
  entities?: object;
  handler?: Handler;
  business?: Partial<Business>;
}

/** A broker with the queue `parcels`. It ends with the test. */
export async function startBroker({ onTestFinished }: Ends, entities: object = { queues: { parcels: {} } }) {
  const bus = await startServiceBus({ entities });
  onTestFinished(() => bus.stop());
  return bus;
}

/** A broker, and messaging that talks to it: the business handles and sends to `parcels`. Both end with the test. */
export async function startWithBroker(ends: Ends, given: Given = {}) {
  const { entities = { queues: { parcels: {} } }, handler, business, ...options } = given;
  const bus = given.bus ?? (await startBroker(ends, entities));
  const { log, lines, messages } = recordingLog();
  const handlers = handler && { parcels: handler };
  const service = createMessaging({
    connection: { kind: 'connection-string', connectionString: bus.connectionString },
    businesses: [{ name: 'test', sends: ['parcels'], ...(handlers && { handlers }), ...business }],
    roles: ['api', 'worker'],
    settings: { sendTimeoutMs: 5_000, handlerTimeoutMs: 30_000 },
    queues: readQueues({ name: 'the entities of this test', text: JSON.stringify(entities) }),
    log,
    ...options,
  });
  ends.onTestFinished(() => service.stop(AbortSignal.abort()));
  return { bus, service, send: service.messaging.send, log, lines, messages };
}

/** What the broker holds for `parcels`, or for the queue that is given. */
export function inQueue(bus: ServiceBus, queue = bus.entities.queue('parcels')?.queue) {
  if (!queue) throw new Error('The broker has no such queue.');
  const messages = queue.peek(0, 100_000);
  return {
    total: messages.length,
    locked: messages.filter(({ lock }) => lock).length,
    deadLettered: queue.deadLetters?.counts().total ?? 0,
    ids: messages.map(sentIdOf),
    messages,
  };
}

export const message = (messageId: string, body = messageId) => ({ messageId, body: Buffer.from(body) });

export const ids = (count: number, prefix = 'm') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** The decision to send a copy, as the module `dead-letters` would make it. */
export const later = (
  message: ReceivedMessage,
  attempt: number,
  properties: Properties = {},
  at = new Date(),
): Settlement => ({
  kind: 'later',
  copy: {
    messageId: `copy of ${originalIdOf(message)}`,
    body: message.body,
    scheduledEnqueueTimeUtc: at,
    applicationProperties: {
      ...message.applicationProperties,
      ...properties,
      [property.originalId]: originalIdOf(message),
      [property.attempt]: attempt,
      [property.copy]: 2,
    },
  },
});

/** Waits for a condition, patiently: the machine may be busy. */
export const eventually = <T>(condition: () => T | Promise<T>) =>
  vi.waitFor(condition, { timeout: 30_000, interval: 5 });
