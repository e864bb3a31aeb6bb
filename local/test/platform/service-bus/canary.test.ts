import { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { property } from '../../../../src/platform/message-properties.ts';
import type { ReceiveMiddleware } from '../../../../src/platform/messaging.ts';
import { eventually, inQueue, startWithBroker } from './with-broker.ts';

const marked = { [property.canary]: true };
const empty = Buffer.alloc(0);

/** A service that notes the message ids that its middlewares, its handler and its business see. */
async function startNoting(context: Parameters<typeof startWithBroker>[0], given: object = {}) {
  const seen: string[] = [];
  const note =
    (where: string): ReceiveMiddleware =>
    async ({ message }, next) => {
      seen.push(`${where} ${message.messageId}`);
      return await next();
    };
  const started = await startWithBroker(context, {
    around: [note('around')],
    receive: [note('receive')],
    handler: async ({ messageId }) => void seen.push(`handler ${messageId}`),
    business: { settled: ({ messageId }) => seen.push(`settled ${messageId}`) },
    ...given,
  });
  const client = new ServiceBusClient(started.bus.connectionString);
  context.onTestFinished(() => client.close());
  return { ...started, seen, client };
}

const everywhere = (id: string) => ['around', 'receive', 'handler', 'settled'].map((where) => `${where} ${id}`);

test.concurrent('a marked message without a body is completed, and no middleware, handler or business sees it', async (context) => {
  const { service, seen, client, bus, messages } = await startNoting(context);
  await client
    .createSender('parcels')
    .sendMessages({ messageId: 'canary', body: empty, applicationProperties: marked });
  service.start();
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect([seen, inQueue(bus).deadLettered, messages()]).toEqual([[], 0, []]);
});

test.concurrent.for([
  ['a marked message with a body', { body: Buffer.from('x'), applicationProperties: marked }],
  ['a message without a body that is not marked', { body: empty }],
  ['a message that is marked with anything but true', { body: empty, applicationProperties: { [property.canary]: 1 } }],
] as const)('%s is ordinary', async ([, message], context) => {
  const { service, seen, client } = await startNoting(context);
  await client.createSender('parcels').sendMessages({ messageId: 'm', ...message });
  service.start();
  await eventually(() => expect(seen).toEqual(everywhere('m')));
});

test.concurrent('a marked message that a topic gave to a subscription is ordinary', async (context) => {
  const seen: string[] = [];
  const { service, client } = await startNoting(context, {
    entities: { queues: { parcels: {} }, topics: { orders: { subscriptions: { audit: {} } } } },
    business: { handlers: { 'orders/audit': async () => void seen.push('handled') } },
  });
  await client.createSender('orders').sendMessages({ messageId: 'm', body: empty, applicationProperties: marked });
  service.start();
  await eventually(() => expect(seen).toEqual(['handled']));
});

test.concurrent('a paused consumer that lets a canary through lets an ordinary message through after it', async (context) => {
  let letThrough = () => {};
  const pausing: ReceiveMiddleware = async (delivery, next) => {
    if (delivery.message.messageId === 'first') {
      delivery.consumer.pause('the test');
      letThrough = delivery.consumer.probe;
    }
    return await next();
  };
  const { service, seen, client } = await startNoting(context, { receive: [pausing], concurrency: 1 });
  const sender = client.createSender('parcels');
  service.start();
  await sender.sendMessages({ messageId: 'first', body: 'x' });
  await eventually(() => expect(seen).toContain('settled first'));
  await sender.sendMessages({ messageId: 'canary', body: empty, applicationProperties: marked });
  await sender.sendMessages({ messageId: 'second', body: 'x' });
  letThrough();
  await eventually(() => expect(seen).toContain('settled second'));
});
