import { expect, test } from 'vitest';
import { createDirectory } from './directory.ts';
import { queueProperties, readEntities, subscriptionProperties, topicProperties } from './entities.ts';
import type { Queue } from './entity/queue.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { readMessage } from './wire/message-reader.ts';

function open() {
  const clock = createManualClock();
  const gone: string[] = [];
  const entities = { queues: { Parcels: {} }, topics: { Orders: { subscriptions: { Audit: {} } } } };
  const onGone = ({ path }: Queue) => void gone.push(path);
  return { clock, gone, directory: createDirectory({ definitions: readEntities(entities), clock, onGone }) };
}

test.each([
  ['parcels', 'Parcels'],
  ['PARCELS/$deadletterqueue', 'Parcels/$DeadLetterQueue'],
  ['orders/subscriptions/audit', 'Orders/Subscriptions/Audit'],
  ['Orders/Subscriptions/Audit/$DeadLetterQueue', 'Orders/Subscriptions/Audit/$DeadLetterQueue'],
])('%s is received from %s', (address, path) => {
  expect(open().directory.source(address).path).toBe(path);
});

test.each([
  'none',
  'orders/Subscriptions/none',
  'none/Subscriptions/audit',
  'orders/$DeadLetterQueue',
  'parcels/$Other',
  '',
])('"%s" is not found', (address) => {
  expect(() => open().directory.source(address)).toThrow(`The messaging entity '${address}' could not be found.`);
});

test('what is sent to a subscription or a dead-letter queue is not found', () => {
  const { directory } = open();
  expect(directory.target('orders').path).toBe('Orders');
  expect(() => directory.target('orders/Subscriptions/audit')).toThrow('could not be found');
  expect(() => directory.target('parcels/$DeadLetterQueue')).toThrow('could not be found');
});

test('a name belongs to one entity, be it a queue or a topic', () => {
  const { directory } = open();
  expect(() => directory.putQueue('ORDERS', queueProperties.parse({}))).toThrow('taken by an entity of another type');
  expect(() => directory.putTopic('parcels', topicProperties.parse({}))).toThrow('taken by an entity of another type');
  expect(() => directory.putSubscription('parcels', 's', subscriptionProperties.parse({}))).toThrow(
    'could not be found',
  );
});

test('a removed entity leaves no timer behind and says that it is gone', () => {
  const { clock, gone, directory } = open();
  const message = readMessage(Buffer.alloc(0));
  directory.target('parcels').accept([message]);
  directory.target('orders').accept([message]);
  directory.source('parcels').take('peek-lock');
  directory.source('orders/Subscriptions/audit').take('peek-lock');
  expect(clock.waiting).toBe(2);
  directory.putQueue('parcels', queueProperties.parse({}));
  directory.removeTopic('ORDERS');
  expect(clock.waiting).toBe(0);
  expect(gone).toEqual(['Parcels', 'Orders', 'Orders/Subscriptions/Audit']);
});
