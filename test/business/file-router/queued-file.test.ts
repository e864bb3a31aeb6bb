import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { ageMs, fromMessage, toMessage } from '../../../src/business/file-router/queued-file.ts';
import { MalformedError } from '../../../src/platform/errors.ts';
import { property } from '../../../src/platform/message-properties.ts';

const file = { fileId: 'f-1', name: 'ä.txt', contentType: 'text/plain', content: Buffer.from('x') };
const received = (change: object = {}) => ({ ...toMessage(file), ...change }) as ServiceBusReceivedMessage;

test('what is queued is what is read, and the message id is the file id', () => {
  expect(fromMessage(received())).toEqual(file);
  expect(toMessage(file).messageId).toBe('f-1');
});

test('a copy, which has a message id of its own, is the same file', () => {
  expect(fromMessage(received({ messageId: 'of a copy' }))).toEqual(file);
});

test.each([
  ['no properties', { applicationProperties: undefined }],
  ['no file id', { applicationProperties: { 'file-name': 'a' } }],
  ['no file name', { applicationProperties: { 'file-id': 'a' } }],
  ['a file id that is no text', { applicationProperties: { 'file-id': 1, 'file-name': 'a' } }],
  ['a name that no caller may send', { applicationProperties: { 'file-id': 'a', 'file-name': 'ä'.repeat(128) } }],
  ['a body that is not binary', { body: { some: 'object' } }],
])('a message with %s is malformed', (_, change) => {
  expect(() => fromMessage(received(change))).toThrow(MalformedError);
});

test('the age counts from the first queueing, which a copy carries with it', () => {
  const enqueuedTimeUtc = new Date(9000);
  expect(ageMs(received({ enqueuedTimeUtc }), 10_000)).toBe(1000);
  const copy = { enqueuedTimeUtc, applicationProperties: { [property.firstEnqueuedAt]: '1970-01-01T00:00:02Z' } };
  expect(ageMs(received(copy), 10_000)).toBe(8000);
  expect(ageMs(received({ enqueuedTimeUtc: new Date(11_000) }), 10_000)).toBe(0);
});
