import { QueueUnavailable } from '../errors.ts';
import type { Outgoing } from '../messaging.ts';

/** Estimated memory of a message besides its body: the SDK's record of it, and the request that waits for it. */
const overheadBytes = 16 * 1024;

/**
 * Limits the memory of messages that wait for the broker. When a message would raise the sum above `maxWaitingBytes`
 * and others already wait, it throws `QueueUnavailable` at once. A message counts as 16 KB plus the length of its body,
 * or 16 KB alone if the body is not bytes.
 */
export function boundSend(
  send: (outgoing: Outgoing) => Promise<void>,
  maxWaitingBytes = 24 * 1024 * 1024,
): (outgoing: Outgoing) => Promise<void> {
  let waitingBytes = 0;
  return async function sendWithinBound(outgoing) {
    const { body } = outgoing.message;
    const bytes = (ArrayBuffer.isView(body) ? body.byteLength : 0) + overheadBytes;
    if (waitingBytes > 0 && waitingBytes + bytes > maxWaitingBytes) {
      throw new QueueUnavailable(`Nothing was sent to "${outgoing.entity}": too many messages wait for the broker.`);
    }
    waitingBytes += bytes;
    try {
      await send(outgoing);
    } finally {
      waitingBytes -= bytes;
    }
  };
}
