import { ServiceBusClient } from '@azure/service-bus';
import { expect, onTestFinished, test } from 'vitest';
import { errorOf, noRenewal, openBroker, take, takeNothing, takeOne } from './testing/open-broker.ts';

test('every property of a message arrives as it was sent', async () => {
  const { client } = await openBroker();
  const sent = {
    body: { text: 'Grüße, 世界', list: [1, 2.5, null] },
    messageId: 'id-1',
    correlationId: 'c-1',
    contentType: 'application/json',
    subject: 'subject',
    to: 'to',
    replyTo: 'reply-to',
    replyToSessionId: 'reply-session',
    sessionId: 'session',
    partitionKey: 'session',
    timeToLive: 60_000,
    applicationProperties: { text: 'a', whole: 7, broken: 1.5, yes: true, negative: -3, big: 2 ** 40 },
  };
  await client.createSender('q').sendMessages(sent);
  const receiver = client.createReceiver('q', noRenewal);
  const received = await takeOne(receiver);
  expect(received).toMatchObject(sent);
  expect(received.deliveryCount).toBe(0);
  expect(received.sequenceNumber?.toNumber()).toBe(1);
  expect(received.enqueuedSequenceNumber).toBe(1);
  expect(received.state).toBe('active');
  expect(Math.abs(Date.now() - (received.enqueuedTimeUtc?.getTime() ?? 0))).toBeLessThan(5_000);
  const expires = (received.enqueuedTimeUtc?.getTime() ?? 0) + 60_000;
  expect(received.expiresAtUtc?.getTime()).toBe(expires);
});

test('a single message, an array and a batch arrive in order', async () => {
  const { client } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages({ body: 'single' });
  await sender.sendMessages([{ body: 'array 1' }, { body: 'array 2', applicationProperties: { own: 2 } }]);
  const batch = await sender.createMessageBatch();
  batch.tryAddMessage({ body: 'batch 1', messageId: 'first', applicationProperties: { own: 1 } });
  batch.tryAddMessage({ body: 'batch 2' });
  await sender.sendMessages(batch);
  const received = await take(client.createReceiver('q', noRenewal), 5);
  expect(received.map(({ body }) => body)).toEqual(['single', 'array 1', 'array 2', 'batch 1', 'batch 2']);
  expect(received.map(({ applicationProperties }) => applicationProperties?.own)).toEqual([
    undefined,
    undefined,
    2,
    1,
    undefined,
  ]);
  expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(5);
});

test('a batch of one is a batch all the same', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages([{ body: 'only', messageId: 'm' }]);
  expect(await takeOne(client.createReceiver('q', noRenewal))).toMatchObject({ body: 'only', messageId: 'm' });
});

test('a batch is limited to what the Standard tier takes', async () => {
  const { client } = await openBroker();
  const batch = await client.createSender('q').createMessageBatch();
  expect(batch.maxSizeInBytes).toBe(262_144);
  expect(batch.tryAddMessage({ body: Buffer.alloc(200_000) })).toBe(true);
  expect(batch.tryAddMessage({ body: Buffer.alloc(62_200) })).toBe(false);
});

test('a message that is too large is refused, whichever way it is sent', async () => {
  const { client } = await openBroker();
  const sender = client.createSender('q');
  const large = { body: Buffer.alloc(262_144) };
  expect(await errorOf(sender.sendMessages(large))).toMatchObject({ code: 'MessageSizeExceeded' });
  const later = sender.scheduleMessages(large, new Date(Date.now() + 60_000));
  expect(await errorOf(later)).toMatchObject({ code: 'MessageSizeExceeded' });
  await sender.sendMessages({ body: Buffer.alloc(261_000) });
  expect((await takeOne(client.createReceiver('q', noRenewal))).body).toHaveLength(261_000);
});

test('a repeated message id is accepted and dropped inside the window', async () => {
  const { client, broker } = await openBroker({ entities: { queues: { q: { requiresDuplicateDetection: true } } } });
  const sender = client.createSender('q');
  await sender.sendMessages({ body: 1, messageId: 'same' });
  await sender.sendMessages([
    { body: 2, messageId: 'same' },
    { body: 3, messageId: 'other' },
  ]);
  const later = new Date(Date.now() + 60_000);
  await sender.scheduleMessages({ body: 4, messageId: 'same' }, later);
  expect(broker.entities.queue('q')?.queue.counts()).toMatchObject({ active: 2, scheduled: 0 });
});

test('names of entities do not care about upper and lower case', async () => {
  const { client } = await openBroker({ entities: { queues: { Parcels: {} } } });
  await client.createSender('PARCELS').sendMessages({ body: 1 });
  expect((await takeOne(client.createReceiver('parcels', noRenewal))).body).toBe(1);
});

test.each(['localhost', '127.0.0.1'])('a connection string may say %s', async (host) => {
  const { broker } = await openBroker();
  const connectionString = `Endpoint=sb://${host}:${broker.port}/;SharedAccessKeyName=any;SharedAccessKey=any;UseDevelopmentEmulator=true;`;
  const client = new ServiceBusClient(connectionString);
  onTestFinished(() => client.close());
  await client.createSender('q').sendMessages({ body: 1 });
  expect(broker.entities.queue('q')?.queue.counts().active).toBe(1);
});

test('AMQP bodies that are no data come back as they were', async () => {
  const { client } = await openBroker();
  const sender = client.createSender('q');
  const header = { durable: true, priority: 7, firstAcquirer: true, timeToLive: 50_000 };
  await sender.sendMessages({
    bodyType: 'value',
    body: { key: 'value' },
    header,
    messageAnnotations: { 'x-mine': 'kept' },
  });
  await sender.sendMessages({ bodyType: 'sequence', body: [[1, 'two'], [3]], footer: { end: true } });
  const [value, sequence] = await take(client.createReceiver('q', noRenewal), 2);
  expect(value?._rawAmqpMessage).toMatchObject({ bodyType: 'value', body: { key: 'value' }, header });
  expect(value?._rawAmqpMessage.messageAnnotations).toMatchObject({ 'x-mine': 'kept', 'x-opt-sequence-number': 1 });
  expect(sequence?._rawAmqpMessage).toMatchObject({ bodyType: 'sequence', footer: { end: true } });
});

test('messages wait in a queue that nobody receives from, and an empty one gives nothing', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  expect(broker.entities.queue('q')?.queue.counts()).toMatchObject({ active: 1, total: 1 });
  const receiver = client.createReceiver('q', { ...noRenewal, receiveMode: 'receiveAndDelete' });
  expect(await take(receiver)).toHaveLength(1);
  expect(await takeNothing(receiver)).toEqual([]);
});
