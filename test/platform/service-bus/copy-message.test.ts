import Long from 'long';
import { expect, test } from 'vitest';
import type { ReceivedMessage } from '../../../src/platform/messaging.ts';
import { copyMessage, copyQueueOf } from '../../../src/platform/service-bus/copy-message.ts';

const at = new Date('2030-01-02T03:04:05Z');
const facts = { lockDurationMs: 60_000, maxDeliveryCount: 10 };

const received = (given: Partial<ReceivedMessage>): ReceivedMessage => ({
  body: Buffer.from('content'),
  messageId: 'a1',
  state: 'active',
  sequenceNumber: Long.fromNumber(7),
  deliveryCount: 4,
  lockToken: 'token',
  _rawAmqpMessage: { body: undefined },
  ...given,
});

test('a copy is the message again, later, with an id of its own', () => {
  const message = received({
    contentType: 'text/plain',
    correlationId: 'c1',
    subject: 's',
    applicationProperties: { 'file-name': 'ü.txt', first: true },
  });
  expect(copyMessage(message, { at, attempt: 2, properties: { reason: 'busy' } })).toEqual({
    body: Buffer.from('content'),
    contentType: 'text/plain',
    correlationId: 'c1',
    subject: 's',
    messageId: 'a1:2',
    scheduledEnqueueTimeUtc: at,
    applicationProperties: { 'file-name': 'ü.txt', first: true, reason: 'busy', attempt: 2, copy: 2 },
  });
});

test('the copy of a copy counts copies, not colons or attempts', () => {
  const ids: unknown[] = [];
  let message = received({ messageId: 'odd:2' });
  for (const attempt of [2, 3, 3]) {
    const { scheduledEnqueueTimeUtc: _at, ...copy } = copyMessage(message, { at, attempt });
    ids.push(copy.messageId);
    message = received(copy);
  }
  expect(ids).toEqual(['odd:2:2', 'odd:2:3', 'odd:2:4']);
});

test('the parts of a file have copies of their own, so that duplicate detection drops none', () => {
  const copyOfPart = (messageId: string) =>
    copyMessage(received({ messageId, applicationProperties: { 'file-id': 'f1' } }), { at, attempt: 1 }).messageId;
  expect(['f1.1', 'f1.2'].map(copyOfPart)).toEqual(['f1.1:2', 'f1.2:2']);
});

test('a body that was sent as a value is sent as one again', () => {
  const message = received({ body: 'text', _rawAmqpMessage: { bodyType: 'value', body: 'text' } });
  expect(copyMessage(message, { at, attempt: 1 })).toMatchObject({
    body: 'text',
    _rawAmqpMessage: { bodyType: 'value' },
  });
});

test('repeating the same step gives the same id, so that duplicate detection drops the repetition', () => {
  const message = received({ applicationProperties: { copy: 5 }, messageId: 'a1:5' });
  const [one, two] = [1, 2].map(() => copyMessage(message, { at, attempt: 9 }).messageId);
  expect(one).toBe('a1:6');
  expect(two).toBe(one);
});

test('nothing of a dead letter is left on a copy', () => {
  const message = received({
    applicationProperties: { DeadLetterReason: 'r', DeadLetterErrorDescription: 'd', mine: 1 },
  });
  expect(copyMessage(message, { at, attempt: 1 }).applicationProperties).toEqual({ mine: 1, attempt: 1, copy: 2 });
});

test('copies of a subscription go to the queue that is named after it', () => {
  expect(copyQueueOf({ name: 'files', queue: 'files', ...facts })).toBe('files');
  expect(copyQueueOf({ name: 'o/a', topic: 'o', subscription: 'a', ...facts })).toBe('o.a.retry');
});

test('an id with no room for the number of its copy is replaced by its hash, the same for each copy', () => {
  const first = copyMessage(received({ messageId: 'x'.repeat(128) }), { at, attempt: 2 });
  expect(first.messageId).toMatch(/^[\da-f]{64}:2$/);
  const second = copyMessage(received({ ...first, messageId: String(first.messageId) }), { at, attempt: 3 });
  expect(second.messageId).toBe(String(first.messageId).replace(/:2$/, ':3'));
});
