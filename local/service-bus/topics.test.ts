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

const entities = {
  topics: {
    orders: {
      defaultMessageTimeToLive: 'PT1H',
      requiresDuplicateDetection: true,
      subscriptions: { audit: {}, billing: { maxDeliveryCount: 1, defaultMessageTimeToLive: 'PT1M' } },
    },
  },
};

test('every subscription gets every message, and each settles its own copy', async () => {
  const { client, broker } = await openBroker({ entities });
  await client
    .createSender('orders')
    .sendMessages([{ body: 1, messageId: 'a' }, { body: 2 }, { body: 3, messageId: 'a' }]);
  const audit = client.createReceiver('orders', 'audit', noRenewal);
  const billing = client.createReceiver('orders', 'billing', noRenewal);
  expect((await take(audit, 2)).map(({ body }) => body)).toEqual([1, 2]);
  await billing.abandonMessage(await takeOne(billing), { own: 'billing' });
  const dead = client.createReceiver('orders', 'billing', { ...noRenewal, subQueueType: 'deadLetter' });
  expect(await takeOne(dead)).toMatchObject({ body: 1, applicationProperties: { own: 'billing' } });
  expect(broker.entities.subscription('ORDERS', 'Audit')?.queue.counts()).toMatchObject({ active: 2, deadLetter: 0 });
});

test('the shortest life decides: message, topic or subscription', async () => {
  const clock = createManualClock();
  const { client, broker } = await openBroker({ entities, clock });
  await client.createSender('orders').sendMessages([{ body: 1 }, { body: 2, timeToLive: 10_000 }]);
  const left = () =>
    ['audit', 'billing'].map((name) => broker.entities.subscription('orders', name)?.queue.counts().total);
  clock.advance(10_000);
  expect(left()).toEqual([1, 1]);
  clock.advance(50_000);
  expect(left()).toEqual([1, 0]);
  clock.advance(3_540_000);
  expect(left()).toEqual([0, 0]);
});

test('receiving from a topic itself is refused, and so is a subscription that does not exist', async () => {
  const { client } = await openBroker({ entities });
  expect(await errorOf(take(client.createReceiver('orders', noRenewal)))).toMatchObject({ code: 'GeneralError' });
  const nobody = client.createReceiver('orders', 'nobody', noRenewal);
  expect(await errorOf(take(nobody))).toMatchObject({ code: 'MessagingEntityNotFound' });
});

test('a scheduled message waits in the topic, where it can be cancelled by its number', async () => {
  const clock = createManualClock();
  const { client } = await openBroker({ entities, clock });
  const sender = client.createSender('orders');
  const due = new Date(clock.now() + 60_000);
  const [first, second] = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], due);
  expect([first?.toNumber(), second?.toNumber()]).toEqual([1, 2]);
  await sender.cancelScheduledMessages(present(first));
  const audit = client.createReceiver('orders', 'audit', noRenewal);
  expect(await takeNothing(audit)).toEqual([]);
  clock.advance(60_000);
  expect(await takeOne(audit)).toMatchObject({ body: 2, state: 'scheduled' });
  expect(await takeNothing(audit)).toEqual([]);
});

test('a scheduled message comes at its time under a new number', async () => {
  const clock = createManualClock();
  const { client } = await openBroker({ clock });
  const sender = client.createSender('q');
  const due = new Date(clock.now() + 60_000);
  const [waiting] = await sender.scheduleMessages({ body: 'scheduled', messageId: 's' }, due);
  await sender.sendMessages({ body: 'sent', scheduledEnqueueTimeUtc: due });
  const receiver = client.createReceiver('q', noRenewal);
  expect(await takeNothing(receiver)).toEqual([]);
  clock.advance(60_000);
  const received = await take(receiver, 2);
  expect(received.map(({ body }) => body)).toEqual(['scheduled', 'sent']);
  const [scheduled] = received;
  expect(scheduled?.sequenceNumber?.toNumber()).toBe(3);
  expect(scheduled?.enqueuedSequenceNumber).toBe(waiting?.toNumber());
  expect(scheduled).toMatchObject({ state: 'scheduled', scheduledEnqueueTimeUtc: due, enqueuedTimeUtc: due });
});

test('a message that is due soon comes by itself', async () => {
  const { client } = await openBroker();
  const due = new Date(Date.now() + 300);
  await client.createSender('q').scheduleMessages({ body: 1 }, due);
  await takeOne(client.createReceiver('q', noRenewal));
  expect(Date.now()).toBeGreaterThanOrEqual(due.getTime());
});

test('cancelling what waits for nothing is refused', async () => {
  const { client, broker } = await openBroker();
  const sender = client.createSender('q');
  const [number] = await sender.scheduleMessages([{ body: 1 }], new Date(Date.now() + 60_000));
  await sender.cancelScheduledMessages(present(number));
  expect(await errorOf(sender.cancelScheduledMessages(present(number)))).toMatchObject({ code: 'MessageNotFound' });
  await eventually(() => expect(broker.entities.queue('q')?.queue.counts().total).toBe(0));
});
