import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createHashes } from '../../../../src/observability/modules/security-events/hashes.ts';
import { createProducers } from '../../../../src/observability/modules/security-events/producers.ts';
import { property } from '../../../../src/platform/message-properties.ts';
import type { Delivery, Outgoing, ReceivedMessage } from '../../../../src/platform/messaging.ts';

const hashesWith = (key: string) => createHashes((text) => createHmac('sha256', key).update(text).digest('hex'));
const hashes = hashesWith('a key');
const ada = hashes.caller({ client: 'app', object: 'ada' });
const { serving, producerOf, send, around } = createProducers(hashes);

/** The message as its receiver sees it. */
async function sent(message: object = {}, cause?: unknown): Promise<ReceivedMessage> {
  const outgoing = { entity: 'parcels', message: { messageId: 'm1', body: 1, ...message }, cause } as Outgoing;
  await send(outgoing, async () => {});
  return outgoing.message as unknown as ReceivedMessage;
}
const asAda = <T>(run: () => Promise<T>) => serving.run(() => ada, run);

test('a message that is sent for a caller names it by its hash, beside the properties of the sender', async () => {
  const message = await asAda(() => sent({ applicationProperties: { colour: 'red' } }));
  expect(message.applicationProperties).toMatchObject({ colour: 'red' });
  expect(producerOf(message)).toBe(ada);
  expect(ada).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(message)).not.toContain('ada');
});

test('a message that is sent for no caller has no producer and no property', async () => {
  const message = await sent();
  expect(message.applicationProperties).toBeUndefined();
  expect(producerOf(message)).toBe('unknown');
  expect(await serving.run(() => undefined, sent)).not.toHaveProperty('applicationProperties');
});

test('a copy keeps what the message says, by its original id, and is never stamped anew', async () => {
  const message = await asAda(() => sent());
  const kept = { ...message.applicationProperties, [property.originalId]: 'm1' };
  const copy = await serving.run(
    () => hashes.caller({ client: 'app', object: 'bob' }),
    () => sent({ messageId: 'obs-copy', applicationProperties: kept }, { message }),
  );
  expect(copy.applicationProperties).toEqual(kept);
  expect(producerOf(copy)).toBe(ada);
});

test('another sender cannot name a caller: not of another message, not with another key, not by a hash alone', async () => {
  const message = await asAda(() => sent());
  expect(producerOf({ ...message, messageId: 'm2' })).toBe('unknown');
  expect(createProducers(hashesWith('another key')).producerOf(message)).toBe('unknown');
  for (const value of [ada, `${ada}.`, `${ada}.${ada}`, '.', 7, ''])
    expect(producerOf({ ...message, applicationProperties: { 'obs-producer': value } } as ReceivedMessage)).toBe(
      'unknown',
    );
});

test('what a handler sends has the producer of the message that it handles', async () => {
  const message = await asAda(() => sent());
  let inner: ReceivedMessage | undefined;
  await around({ message } as Delivery, async () => {
    inner = await sent({ messageId: 'm3' });
    return { kind: 'complete' };
  });
  expect(inner && producerOf(inner)).toBe(ada);
});
