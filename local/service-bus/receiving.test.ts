import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { createManualClock } from './testing/manual-clock.ts';
import {
  errorOf,
  eventually,
  noRenewal,
  openBroker,
  present,
  take,
  takeNothing,
  takeOne,
} from './testing/open-broker.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ body: index }));
const deadLetters = { ...noRenewal, subQueueType: 'deadLetter' } as const;

test('a completed message is gone', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.completeMessage(await takeOne(receiver));
  expect(broker.entities.queue('q')?.queue.counts().total).toBe(0);
});

test('receive and delete takes messages away at once, without a lock', async () => {
  const { client, broker } = await openBroker();
  await client.createSender('q').sendMessages(numbers(3));
  const receiver = client.createReceiver('q', { receiveMode: 'receiveAndDelete' });
  const received = await take(receiver, 3);
  expect(received.map(({ body }) => body)).toEqual([0, 1, 2]);
  expect(received[0]?.lockToken).toBeUndefined();
  expect(broker.entities.queue('q')?.queue.counts().total).toBe(0);
});

test('an abandoned message comes back with its count raised and the given properties', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1, applicationProperties: { kept: 'as sent', changed: 1 } });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.abandonMessage(await takeOne(receiver), { changed: 2, added: 'new' });
  const again = await takeOne(receiver);
  expect(again.deliveryCount).toBe(1);
  expect(again.applicationProperties).toEqual({ kept: 'as sent', changed: 2, added: 'new' });
});

test('the last allowed delivery moves the message to the dead letters', async () => {
  const { client } = await openBroker({ entities: { queues: { q: { maxDeliveryCount: 2 } } } });
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.abandonMessage(await takeOne(receiver));
  await receiver.abandonMessage(await takeOne(receiver));
  expect(await takeNothing(receiver)).toEqual([]);
  expect(await takeOne(client.createReceiver('q', deadLetters))).toMatchObject({
    deliveryCount: 2,
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deadLetterErrorDescription: 'Message could not be consumed after 2 delivery attempts.',
  });
});

test('a dead letter keeps its properties and carries reason, description and what else was given', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1, messageId: 'm', applicationProperties: { own: 1 } });
  const receiver = client.createReceiver('q', noRenewal);
  const reason = { deadLetterReason: 'bad', deadLetterErrorDescription: 'very', extra: 'x' };
  await receiver.deadLetterMessage(await takeOne(receiver), reason);
  const dead = client.createReceiver('q', deadLetters);
  const letter = await takeOne(dead);
  expect(letter).toMatchObject({
    messageId: 'm',
    deadLetterReason: 'bad',
    deadLetterErrorDescription: 'very',
    deliveryCount: 0,
  });
  expect(letter.deadLetterSource).toBe('q');
  expect(letter.applicationProperties).toMatchObject({ own: 1, extra: 'x' });
  await dead.completeMessage(letter);
  expect(await takeNothing(dead)).toEqual([]);
});

test('a dead letter without a reason has none', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.deadLetterMessage(await takeOne(receiver));
  const letter = await takeOne(client.createReceiver('q', deadLetters));
  expect(letter.deadLetterReason).toBeUndefined();
  expect(letter.applicationProperties ?? {}).toEqual({});
});

test('dead-lettering a dead letter is refused, and the letter stays receivable', async () => {
  const { client } = await openBroker();
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.deadLetterMessage(await takeOne(receiver));
  const dead = client.createReceiver('q', deadLetters);
  expect(await errorOf(dead.deadLetterMessage(await takeOne(dead)))).toMatchObject({ code: 'GeneralError' });
  const letter = await takeOne(dead);
  await dead.abandonMessage(letter);
  expect((await takeOne(dead)).deliveryCount).toBe(0);
});

test('replaying a dead letter: send a copy, then complete the letter', async () => {
  const { client, broker } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages({ body: 1, applicationProperties: { own: 1 } });
  const receiver = client.createReceiver('q', noRenewal);
  await receiver.deadLetterMessage(await takeOne(receiver), {
    deadLetterReason: 'bad',
    deadLetterErrorDescription: 'x',
  });
  const dead = client.createReceiver('q', deadLetters);
  const letter = await takeOne(dead);
  const {
    DeadLetterReason: _,
    DeadLetterErrorDescription: __,
    ...applicationProperties
  } = letter.applicationProperties ?? {};
  await sender.sendMessages({ body: letter.body, applicationProperties });
  await dead.completeMessage(letter);
  expect((await takeOne(receiver)).deadLetterReason).toBeUndefined();
  expect(broker.entities.queue('q')?.queue.counts()).toMatchObject({ deadLetter: 0, total: 1 });
});

test('peek shows messages in every state and locks none, page by page', async () => {
  const { client } = await openBroker();
  const sender = client.createSender('q');
  await sender.sendMessages(numbers(5));
  await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 60_000));
  const receiver = client.createReceiver('q', noRenewal);
  await take(receiver, 2);
  const first = await receiver.peekMessages(4);
  const rest = await receiver.peekMessages(4);
  expect([...first, ...rest].map(({ body }) => body)).toEqual([0, 1, 2, 3, 4, 'later']);
  expect(rest.at(-1)?.state).toBe('scheduled');
  expect(await receiver.peekMessages(4)).toEqual([]);
  const bodiless = { fromSequenceNumber: present(first[1]?.sequenceNumber), omitMessageBody: true };
  expect(await receiver.peekMessages(1, bodiless)).toMatchObject([{ messageId: first[1]?.messageId, body: undefined }]);
  const without = await receiver.peekMessages(1, {
    fromSequenceNumber: present(first[1]?.sequenceNumber),
  });
  expect(without[0]?.body).toBe(1);
});

test('a lock ends with its time, counts as a delivery, and settling after it is refused', async () => {
  const clock = createManualClock();
  const { client } = await openBroker({ clock, entities: { queues: { q: { lockDuration: 'PT30S' } } } });
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  const message = await takeOne(receiver);
  expect(message.lockedUntilUtc?.getTime()).toBe(clock.now() + 30_000);
  clock.advance(30_000);
  expect(await errorOf(receiver.completeMessage(message))).toMatchObject({ code: 'MessageLockLost', retryable: false });
  expect((await takeOne(receiver)).deliveryCount).toBe(1);
});

test('a renewed lock lasts longer, and a lost one cannot be renewed', async () => {
  const clock = createManualClock();
  const { client } = await openBroker({ clock });
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', noRenewal);
  const message = await takeOne(receiver);
  clock.advance(50_000);
  expect((await receiver.renewMessageLock(message)).getTime()).toBe(clock.now() + 60_000);
  clock.advance(50_000);
  await receiver.completeMessage(message);
  expect(await errorOf(receiver.renewMessageLock(message))).toMatchObject({ code: 'MessageLockLost' });
});

test('the lock renewer of the SDK keeps a slow handler from losing its message', async () => {
  const { client, broker } = await openBroker({ entities: { queues: { q: { lockDuration: 'PT0.8S' } } } });
  const queue = broker.entities.queue('q')?.queue;
  await client.createSender('q').sendMessages({ body: 1 });
  const receiver = client.createReceiver('q', { maxAutoLockRenewalDurationInMs: 10_000 });
  const message = await takeOne(receiver);
  const firstEnd = message.lockedUntilUtc?.getTime() ?? 0;
  await eventually(() => expect(Date.now()).toBeGreaterThan(firstEnd + 50));
  expect(queue?.peek(0, 1)[0]).toMatchObject({ deliveryCount: 0 });
  await receiver.completeMessage(message);
});

test('a message lives as long as it was given, and the dead letters get it where the queue says so', async () => {
  const clock = createManualClock();
  const { client } = await openBroker({
    clock,
    entities: { queues: { q: { deadLetteringOnMessageExpiration: true } } },
  });
  await client.createSender('q').sendMessages({ body: 1, timeToLive: 5_000 });
  clock.advance(5_000);
  expect(await takeNothing(client.createReceiver('q', noRenewal))).toEqual([]);
  expect(await takeOne(client.createReceiver('q', deadLetters))).toMatchObject({
    deadLetterReason: 'TTLExpiredException',
    deadLetterErrorDescription: 'The message expired and was dead lettered.',
  });
});

test('consumers take turns', async () => {
  const { client, connect } = await openBroker();
  const seen: number[][] = [[], [], []];
  const closers = seen.map((own, index) => {
    const receiver = (index === 0 ? client : connect()).createReceiver('q', noRenewal);
    return receiver.subscribe(
      { processMessage: async ({ body }) => void own.push(body), processError: async () => {} },
      { maxConcurrentCalls: 4 },
    );
  });
  await client.createSender('q').sendMessages(numbers(90));
  await eventually(() => expect(seen.flat()).toHaveLength(90));
  expect(seen.flat().sort((a, b) => a - b)).toEqual(numbers(90).map(({ body }) => body));
  for (const own of seen) expect(own.length).toBeGreaterThan(10);
  await Promise.all(closers.map((closer) => closer.close()));
});

test('subscribe completes what its handler finished and abandons what it threw on', async () => {
  const { client, broker } = await openBroker({ entities: { queues: { q: { maxDeliveryCount: 2 } } } });
  await client.createSender('q').sendMessages([{ body: 'good' }, { body: 'bad' }]);
  const handled: unknown[] = [];
  const processMessage = async ({ body }: ServiceBusReceivedMessage) => {
    handled.push(body);
    if (body === 'bad') throw new Error('cannot');
  };
  client.createReceiver('q', noRenewal).subscribe({ processMessage, processError: async () => {} });
  await eventually(() =>
    expect(broker.entities.queue('q')?.queue.counts()).toMatchObject({ active: 0, deadLetter: 1 }),
  );
  expect(handled).toEqual(['good', 'bad', 'bad']);
});

test('locks outlive the connection they were taken on, and settle through the management link', async () => {
  const { client, connect, broker } = await openBroker();
  await client
    .createSender('q')
    .sendMessages([{ body: 1 }, { body: 2 }, { body: 3, applicationProperties: { own: 1 } }]);
  const receiver = connect().createReceiver('q', noRenewal);
  const [first, second, third] = await take(receiver, 3);
  broker.faults.detachLinks({ entity: 'q' });
  await eventually(() => expect(broker.faults.state()).toMatchObject({ links: 0 }));
  if (first) await receiver.completeMessage(first);
  if (second) await receiver.deadLetterMessage(second, { deadLetterReason: 'late', deadLetterErrorDescription: 'x' });
  if (third) await receiver.abandonMessage(third, { own: 2 });
  expect(await takeOne(client.createReceiver('q', noRenewal))).toMatchObject({
    deliveryCount: 1,
    applicationProperties: { own: 2 },
  });
  expect(await takeOne(client.createReceiver('q', deadLetters))).toMatchObject({
    deadLetterReason: 'late',
    deadLetterErrorDescription: 'x',
  });
});

test('a message that nobody settled comes to the next consumer when its lock has ended', async () => {
  const clock = createManualClock();
  const { client, connect } = await openBroker({ clock });
  await client.createSender('q').sendMessages({ body: 1 });
  const gone = connect();
  await takeOne(gone.createReceiver('q', noRenewal));
  await gone.close();
  const receiver = client.createReceiver('q', noRenewal);
  expect(await takeNothing(receiver)).toEqual([]);
  clock.advance(60_000);
  expect((await takeOne(receiver)).deliveryCount).toBe(1);
});
