import type { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { QueueUnavailable } from '../../../src/platform/errors.ts';
import { createSender } from '../../../src/platform/service-bus/sender.ts';

const kb = 1_024;
const bytes = (kilobytes: number) => Buffer.alloc(kilobytes * kb);

/** Sends that the test ends, in the order in which they began. */
function heldSends(maxWaitingBytes: number) {
  const begun: PromiseWithResolvers<void>[] = [];
  const hold = () => {
    const held = Promise.withResolvers<void>();
    begun.push(held);
    return held.promise;
  };
  const { send } = createSender({
    createClient: () => ({}) as ServiceBusClient,
    ...{ declared: new Set(['parcels']), middlewares: [hold], timeoutMs: 60_000, maxWaitingBytes },
  });
  const sendBody = (body?: unknown) => send('parcels', { messageId: 'm', body });
  return { begun, sendBody, send: (kilobytes: number) => sendBody(bytes(kilobytes)) };
}

test('a message beyond what may wait is refused at once and not sent', async () => {
  const { begun, send } = heldSends(200 * kb);
  const first = [send(84), send(84)];
  await expect(send(0)).rejects.toThrow(QueueUnavailable);
  expect(begun).toHaveLength(2);
  for (const { resolve } of begun) resolve();
  await Promise.all(first);
});

test.each([
  ['an object', { name: '€'.repeat(28 * kb) }],
  ['a text', '€'.repeat(28 * kb)],
])('%s counts as the length of its JSON in UTF-8, like bytes', async (_what, body) => {
  const { begun, sendBody } = heldSends(200 * kb); // twice 84 KB and the overhead
  void sendBody(body);
  void sendBody(bytes(83));
  await expect(sendBody(bytes(0))).rejects.toThrow(QueueUnavailable);
  expect(begun).toHaveLength(2);
});

test('a message without a body may wait', () => {
  const { begun, sendBody } = heldSends(200 * kb);
  void sendBody();
  expect(begun).toHaveLength(1);
});

test('a message that was sent, or failed, leaves its room to others', async () => {
  const { begun, send } = heldSends(100 * kb);
  const sent = send(84);
  begun[0]?.resolve();
  await sent;
  const failed = send(84);
  begun[1]?.reject(new Error('no answer'));
  await expect(failed).rejects.toThrow('no answer');
  void send(84);
  expect(begun).toHaveLength(3);
});

test('a thousand small messages may wait at the same time', async () => {
  const { begun, send } = heldSends(24 * 1_024 * kb);
  for (let n = 0; n < 1_000; n += 1) void send(1);
  expect(begun).toHaveLength(1_000);
});
