import { QueueUnavailable } from '../errors.ts';
import type { Outgoing } from '../messaging.ts';

/** What a message holds besides its body while it is being sent: its record in the SDK, the request that waits for it. */
const overheadBytes = 16 * 1024;

/**
 * Bounds the memory of messages that wait for the broker. One that would exceed `maxWaitingBytes` in all throws
 * `QueueUnavailable` at once; a message alone is always sent. A body of bytes counts with its length, another as nothing,
 * and 16 KB are added to each.
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
