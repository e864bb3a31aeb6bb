import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { fromMessage, toMessage } from '../../../src/business/file-router/queued-file.ts';
import { MalformedError } from '../../../src/platform/errors.ts';

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
