import Long from 'long';
import { expect, test } from 'vitest';
import { CannotBeCopied, copyMessage } from '../../../../src/observability/modules/dead-letters/copy-message.ts';
import { attemptOf, originalIdOf } from '../../../../src/platform/message-properties.ts';
import { copyQueueOf, type MessageSource, type ReceivedMessage } from '../../../../src/platform/messaging.ts';

const at = new Date('2030-01-02T03:04:05Z');
const facts = { lockDurationMs: 60_000, maxDeliveryCount: 10 };
const parcels: MessageSource = { name: 'parcels', queue: 'parcels', ...facts };

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
const copy = (given: Partial<ReceivedMessage>, options = {}, source = parcels) =>
  copyMessage({ message: received(given), source }, { at, attempt: 2, ...options });
const idOf = (given: Partial<ReceivedMessage>, source = parcels) => String(copy(given, {}, source).messageId);

test('a copy is the message again, later, with an id of its own and the one of its sender in a property', () => {
  const message = {
    contentType: 'text/plain',
    correlationId: 'c1',
    subject: 's',
    timeToLive: 5_000,
    applicationProperties: { 'parcel-name': 'ü.txt', first: true },
  };
  expect(copy(message, { properties: { 'obs-history': '[]' } })).toEqual({
    body: Buffer.from('content'),
    contentType: 'text/plain',
    correlationId: 'c1',
    subject: 's',
    timeToLive: 5_000,
    messageId: expect.stringMatching(/^obs-[\da-f]{64}$/),
    scheduledEnqueueTimeUtc: at,
    applicationProperties: {
      'parcel-name': 'ü.txt',
      first: true,
      'obs-history': '[]',
      'obs-original-id': 'a1',
      'obs-attempt': 2,
      'obs-copy': 2,
    },
  });
});

test('repeating the same step gives the same id, whatever the copy is made for, so that the repetition is dropped', () => {
  expect(copy({}, { attempt: 9, at: new Date(0) }).messageId).toBe(idOf({ deliveryCount: 5 }));
});

test('messages of one id, of other places in the queue or of other sources never share the id of a copy', () => {
  const other = { name: 'orders/audit', topic: 'orders', subscription: 'audit', ...facts };
  const ids = [
    idOf({}),
    idOf({ messageId: 'a2' }),
    idOf({ sequenceNumber: Long.fromNumber(8) }),
    idOf({ sequenceNumber: Long.fromString('9007199254740993') }),
    idOf({ sequenceNumber: Long.fromString('9007199254740992') }),
    idOf({ applicationProperties: { 'obs-copy': 2 } }),
    idOf({}, other),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('the copy of a copy counts on and keeps the id that the sender gave', () => {
  const seen: unknown[] = [];
  let message = received({ messageId: 'order-17:2' });
  for (const attempt of [2, 3, 3]) {
    const { scheduledEnqueueTimeUtc: _at, ...next } = copyMessage({ message, source: parcels }, { at, attempt });
    message = received(next as Partial<ReceivedMessage>);
    seen.push([originalIdOf(message), attemptOf(message), message.applicationProperties?.['obs-copy']]);
  }
  expect(seen).toEqual([
    ['order-17:2', 2, 2],
    ['order-17:2', 3, 3],
    ['order-17:2', 3, 4],
  ]);
});

test("a sender's own attempt, copy or history changes nothing and stays", () => {
  const own = { attempt: 7, copy: 2 ** 50, history: 'created; paid', 'obs-attempt': 'x', 'obs-copy': -1 };
  expect(attemptOf(received({ applicationProperties: own, deliveryCount: 0 }))).toBe(1);
  expect(copy({ applicationProperties: own }).applicationProperties).toMatchObject({
    attempt: 7,
    copy: 2 ** 50,
    history: 'created; paid',
    'obs-attempt': 2,
    'obs-copy': 2,
  });
});

test('an id of 16 bytes is shown as the UUID that it is', () => {
  const messageId = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  expect(copy({ messageId }).applicationProperties?.['obs-original-id']).toBe('00112233445566778899aabbccddeeff');
});

test('a copy lives until the end that the message or the decision names, and never for ever', () => {
  const lifeOf = (end: string, given: Partial<ReceivedMessage> = {}) =>
    copy({ timeToLive: 60_000, ...given }, { properties: { 'obs-expires-at': end } }).timeToLive;
  expect(lifeOf('2030-01-02T03:04:15Z')).toBe(10_000);
  expect(copy({ applicationProperties: { 'obs-expires-at': '2030-01-02T03:04:07Z' } }).timeToLive).toBe(2_000);
  expect([at.toISOString(), '2029-01-01T00:00:00Z'].map((end) => lifeOf(end))).toEqual([1, 1]);
  expect(lifeOf('no time')).toBe(60_000);
});

test('nothing of a dead letter is left on a copy', () => {
  const dead = { DeadLetterReason: 'r', DeadLetterErrorDescription: 'd', mine: 1 };
  const properties = Object.keys(copy({ applicationProperties: dead }).applicationProperties ?? {});
  expect(properties).toEqual(['mine', 'obs-original-id', 'obs-attempt', 'obs-copy']);
});

const raw = (properties: object) => ({ _rawAmqpMessage: { body: undefined, properties } });
test.each<[string, Partial<ReceivedMessage>, string]>([
  ['a content encoding', raw({ contentEncoding: 'gzip' }), 'content encoding'],
  ['a group sequence', raw({ groupSequence: 1 }), 'group sequence'],
  ['a correlation id of 5 bytes', { correlationId: Buffer.from('short') }, 'correlation id'],
  ['a date that is none', { applicationProperties: { when: new Date(Number.NaN) } }, '"when"'],
  ['a body that the SDK did not decode', { body: { json: true } }, 'body'],
  ['no body', { body: undefined, _rawAmqpMessage: { body: undefined, bodyType: 'value' } }, 'no body'],
  ['64 KB of properties', { applicationProperties: { a: 'x'.repeat(30_000), b: 'x'.repeat(31_500) } }, 'no room'],
])('a message with %s is not copied, and the error names why', (_, given, why) => {
  const error = (() => {
    try {
      return copy(given);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(CannotBeCopied);
  expect((error as Error).message).toContain(why);
});

test('copies of a subscription go to the queue that is named after it', () => {
  expect(copyQueueOf(parcels)).toBe('parcels');
  expect(copyQueueOf({ name: 'o/a', topic: 'o', subscription: 'a', ...facts })).toBe('o.a.retry');
});
