import { expect, test } from 'vitest';
import { QueueUnavailable } from '../../../src/platform/errors.ts';
import { boundSend } from '../../../src/platform/service-bus/bounded-send.ts';

const kb = 1_024;
const message = (kilobytes: number) => ({ entity: 'files', message: { body: Buffer.alloc(kilobytes * kb) } });

/** Sends that the test ends, in the order in which they began. */
function heldSends(maxWaitingBytes: number) {
  const begun: PromiseWithResolvers<void>[] = [];
  const send = boundSend(() => {
    const held = Promise.withResolvers<void>();
    begun.push(held);
    return held.promise;
  }, maxWaitingBytes);
  return { begun, send };
}

test('a message beyond what may wait is refused at once and not sent', async () => {
  const { begun, send } = heldSends(200 * kb);
  const first = [send(message(84)), send(message(84))];
  await expect(send(message(0))).rejects.toThrow(QueueUnavailable);
  expect(begun).toHaveLength(2);
  for (const { resolve } of begun) resolve();
  await Promise.all(first);
});

test('a message that was sent, or failed, leaves its room to others', async () => {
  const { begun, send } = heldSends(100 * kb);
  const sent = send(message(84));
  begun[0]?.resolve();
  await sent;
  const failed = send(message(84));
  begun[1]?.reject(new Error('no answer'));
  await expect(failed).rejects.toThrow('no answer');
  void send(message(84));
  expect(begun).toHaveLength(3);
});

test('a thousand small messages may wait at the same time', async () => {
  const { begun, send } = heldSends(24 * 1_024 * kb);
  for (let n = 0; n < 1_000; n += 1) void send(message(1));
  expect(begun).toHaveLength(1_000);
});
