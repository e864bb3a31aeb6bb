import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServiceBus, startServiceBus } from '../../service-bus/index.ts';
import { type DeadLetters, openDeadLetters } from './dead-lettered-ids.ts';

let serviceBus: ServiceBus;
let client: ServiceBusClient;
let deadLetters: DeadLetters;
const never = new AbortController().signal;

beforeAll(async () => {
  serviceBus = await startServiceBus({ entities: { queues: { parcels: {} } } });
  client = new ServiceBusClient(serviceBus.connectionString);
  deadLetters = openDeadLetters(serviceBus.connectionString, {
    queue: 'parcels',
    idInAnswer: () => undefined,
    idProperty: 'parcel-id',
  });
});
afterAll(async () => {
  await deadLetters?.close();
  await client?.close();
  await serviceBus?.stop();
});

test('every look sees all letters: more than a page, copies by their file, and one that came late with a low number', async () => {
  const look = async () => {
    const found: string[] = [];
    for await (const id of deadLetters.ids(never)) found.push(id);
    return found.sort();
  };
  expect(await look()).toEqual([]);

  const ids = Array.from({ length: 100 }, (_, index) => `file-${index}`);
  await client
    .createSender('parcels')
    .sendMessages([
      { messageId: 'late', body: 'x' },
      { messageId: 'copied:2', body: 'x', applicationProperties: { 'parcel-id': 'copied' } },
      ...ids.map((messageId) => ({ messageId, body: 'x' })),
    ]);
  const receiver = client.createReceiver('parcels');
  const [late, ...others] = await receiver.receiveMessages(102, { maxWaitTimeInMs: 2_000 });
  for (const message of others) await receiver.deadLetterMessage(message);
  const early = ['copied', ...ids].sort();
  expect(await look()).toEqual(early);

  expect(late?.messageId).toBe('late');
  if (late) await receiver.deadLetterMessage(late);
  expect(await look()).toEqual([...early, 'late'].sort());
  expect(await look()).toHaveLength(102);
});
