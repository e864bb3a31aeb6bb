import { ServiceBusClient } from '@azure/service-bus';
import rhea, { type EventContext } from 'rhea';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { startServiceBus } from './index.ts';
import { errorOf, noRenewal, openBroker, present, take, takeOne } from './testing/open-broker.ts';

const withSessions = {
  queues: { q: {}, sessions: { requiresSession: true } },
  topics: { t: { subscriptions: { s: {} } } },
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('an entity that does not exist is not found, by senders, receivers and peeks', async () => {
  const { client } = await openBroker();
  const notFound = { code: 'MessagingEntityNotFound' };
  expect(await errorOf(client.createSender('none').sendMessages({ body: 1 }))).toMatchObject(notFound);
  expect(await errorOf(take(client.createReceiver('none', noRenewal)))).toMatchObject(notFound);
  expect(await errorOf(client.createReceiver('none', noRenewal).peekMessages(1))).toMatchObject(notFound);
});

test('sessions: what Azure refuses is refused with its words, the rest by name', async () => {
  const { client } = await openBroker({ entities: withSessions });
  // For a session by its name the SDK has an error of its own.
  expect(await errorOf(client.acceptSession('q', 's'))).toMatchObject({ code: 'SessionCannotBeLocked' });
  const onPlain = await errorOf(client.acceptNextSession('q'));
  expect(onPlain.message).toContain('cannot be created on an entity that does not require sessions');
  const plain = await errorOf(take(client.createReceiver('sessions', noRenewal)));
  expect(plain.message).toContain('requires sessions to create a non-sessionful message receiver');
  const without = await errorOf(client.createSender('sessions').sendMessages({ body: 1 }));
  expect(without.message).toContain('The SessionId was not set on a message');
  const next = await errorOf(client.acceptNextSession('sessions'));
  expect(next.message).toContain('Sessions are not supported by this Service Bus test double');
});

test('deferring is refused by name, and the lock runs on', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  const message = await takeOne(receiver);
  const refusal = await errorOf(receiver.deferMessage(message));
  expect(refusal.message).toContain('Deferring messages is not supported by this Service Bus test double');
  expect(broker.entities.queue('q')?.queue.peek(0, 1)[0]?.lock).toBeDefined();
  const fetching = await errorOf(receiver.receiveDeferredMessages(present(message.sequenceNumber)));
  expect(fetching).toMatchObject({ code: 'MessageNotFound' });
});

test('rules are refused by name', async () => {
  const { client, admin } = await openBroker({ entities: withSessions });
  const manager = client.createRuleManager('t', 's');
  const add = await errorOf(manager.createRule('mine', { sqlExpression: 'a = 1' }));
  expect(add.message).toContain('Rules and filters are not supported by this Service Bus test double');
  const create = await errorOf(admin.createRule('t', 's', 'mine', { sqlExpression: 'a = 1' }));
  expect(create.message).toContain('Rules and filters are not supported by this Service Bus test double');
});

test('transactions are refused by name', async () => {
  const { broker } = await openBroker();
  vi.spyOn(console, 'warn').mockImplementation(() => {}); // rhea prints that it does not know the terminus
  const container = rhea.create_container();
  const connection = container.connect({ host: '127.0.0.1', port: broker.port, username: 'local', reconnect: false });
  onTestFinished(() => connection.close());
  for (const event of ['disconnected', 'connection_close', 'sender_close']) connection.on(event, () => {});
  const sender = connection.create_session();
  sender.open();
  const link = sender.attach_sender('unused');
  const coordinator = rhea.types.described(rhea.types.wrap_ulong(0x30), rhea.types.wrap_list([]));
  Object.assign((link as unknown as { local: { attach: object } }).local.attach, { target: coordinator });
  const refusal = new Promise<EventContext>((resolve) => link.once('sender_error', resolve));
  const { sender: refused } = await refusal;
  expect(refused?.error).toMatchObject({ condition: 'amqp:not-implemented' });
});

test('it does not start in production', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  await expect(startServiceBus({ entities: {} })).rejects.toThrow('does not start where NODE_ENV is production');
});

test('it does not start with entities that cannot be used, and says which', async () => {
  await expect(startServiceBus({ entities: { queues: { a: { lockDuration: 60 } } } })).rejects.toThrow(
    'queues.a.lockDuration',
  );
});

test('it says in the log what it is', async () => {
  const lines: string[] = [];
  const { broker } = await openBroker({ log: (line) => lines.push(line) });
  expect(lines).toEqual([`Service Bus test double on 127.0.0.1:${broker.port}, for development and tests only.`]);
});

test('a taken port is named', async () => {
  const { broker } = await openBroker();
  await expect(startServiceBus({ entities: {}, port: broker.port })).rejects.toThrow(`Port ${broker.port} is taken`);
});

test('any key opens it, because it keeps nobody out', async () => {
  const { broker } = await openBroker();
  const other = new ServiceBusClient(broker.connectionString.replaceAll('=local', '=else'));
  await other.createSender('q').sendMessages({ body: 1 });
  await other.close();
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(1);
});
