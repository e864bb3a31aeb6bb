import type { ServiceBusReceiver } from '@azure/service-bus';
import { withDeadline } from '../deadline.ts';
import type { ReceivedMessage } from '../messaging.ts';

type Messages = readonly ReceivedMessage[];

export interface Receives {
  /**
   * Returns one message, or none after `waitMs`. Throws the broker's error, or an error when the SDK does not return.
   */
  next(receiver: ServiceBusReceiver, waitMs: number, options: { interruptible: boolean }): Promise<Messages>;
  /** Ends the interruptible receives that are still waiting. */
  interrupt(): void;
}

interface ReceivesOptions {
  answerTimeoutMs: number;
  /** Called when the SDK does not return from a receive: its connection may be broken. */
  stuck(): void;
}

const drainDeadlineMs = 2_000;

/** Receives that can be interrupted without leaving a message locked. */
export function createReceives({ answerTimeoutMs, stuck }: ReceivesOptions): Receives {
  // The time until which each receive may be aborted. After the wait the SDK takes its credit back from the broker, and
  // an abort in that moment would close the link while a message may be on its way.
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
 * After an aborted receive the broker still has its credit. A message that the broker sends for that credit would stay
 * locked, without a receiver, until its lock ends. Another receive on the same link adds no credit, gets that message
 * and takes the credit back. It starts in the same turn of the event loop as the abort, so that no message is missed.
 */
async function drain(receiver: ServiceBusReceiver): Promise<Messages> {
  try {
    return await withDeadline(
      drainDeadlineMs,
      (abortSignal) => receiver.receiveMessages(1, { maxWaitTimeInMs: 1, abortSignal }),
      () => new Error('The broker did not take the credit back.'),
    );
  } catch {
    return []; // the link is broken: no message can arrive on it
  }
}
