import type { ServiceBusReceiver } from '@azure/service-bus';
import { withDeadline } from '../deadline.ts';
import type { ReceivedMessage } from '../messaging.ts';

type Messages = readonly ReceivedMessage[];

export interface Receives {
  /** One message at most, after `waitMs` none. Throws what the broker says, or that the SDK does not come back. */
  next(receiver: ServiceBusReceiver, waitMs: number, options: { interruptible: boolean }): Promise<Messages>;
  /** Takes the interruptible ones back that still wait. */
  interrupt(): void;
}

interface ReceivesOptions {
  answerTimeoutMs: number;
  /** The SDK does not come back: its connection is not to be trusted any more. */
  stuck(): void;
}

const drainDeadlineMs = 2_000;

/** Receives that can be taken back without leaving a message locked. */
export function createReceives({ answerTimeoutMs, stuck }: ReceivesOptions): Receives {
  // Until when each may be aborted: after the wait the SDK gives its credit back, and an abort would then close the link
  // under a message that is on its way.
  const waiting = new Map<AbortController, number>();

  return {
    async next(receiver, maxWaitTimeInMs, { interruptible }) {
      const interruption = new AbortController();
      const { signal: abortSignal } = interruption;
      const run = () => receiver.receiveMessages(1, { maxWaitTimeInMs, abortSignal });
      if (interruptible) waiting.set(interruption, performance.now() + maxWaitTimeInMs);
      try {
        return await withDeadline(maxWaitTimeInMs + answerTimeoutMs, run, () => {
          stuck();
          return new Error('Service Bus did not answer.');
        });
      } catch (error) {
        if (!abortSignal.aborted) throw error;
        return await drain(receiver);
      } finally {
        waiting.delete(interruption);
        interruption.abort();
      }
    },
    interrupt() {
      for (const [interruption, until] of waiting) if (performance.now() < until) interruption.abort();
    },
  };
}

/**
 * An aborted receive leaves its credit with the broker: a message that it then sends would stay locked, unseen, until
 * the lock expires. Receiving again on the same link adds no credit, hears that message, and gives the credit back.
 * Between the abort and the new listener lies no turn of the event loop, so nothing slips through.
 */
async function drain(receiver: ServiceBusReceiver): Promise<Messages> {
  try {
    return await withDeadline(
      drainDeadlineMs,
      (abortSignal) => receiver.receiveMessages(1, { maxWaitTimeInMs: 1, abortSignal }),
      () => new Error('The broker did not take the credit back.'),
    );
  } catch {
    return []; // no link, no message on it
  }
}
