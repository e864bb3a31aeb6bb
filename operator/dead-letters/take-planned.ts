import type { ServiceBusReceiver } from '@azure/service-bus';
import type { ReceivedMessage } from '../../src/platform/messaging.ts';
import type { QueuePlan } from './change-plan.ts';
import { keyOf } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** `done`: the message has left the dead-letter queue. `failed`: it stays there. `again`: its lock ended too early. */
export type Taken = 'done' | 'failed' | 'again';

interface TakeOptions {
  plan: QueuePlan;
  /** Called for several messages at the same time. An error of it ends the run. */
  take(message: ReceivedMessage, receiver: ServiceBusReceiver): Promise<Taken>;
  /** How many messages are locked at the same time. */
  batch: number;
  /**
   * Called once when no message arrives although planned ones are left: another receiver or a killed command has them
   * locked.
   */
  waits(lockMs: number): void;
  /** Milliseconds to wait for a planned message. Those that other receivers have locked return when their locks end. */
  patienceMs?: number | undefined;
  /** Ends the run after the messages that are being handled. */
  signal?: AbortSignal | undefined;
}

export interface TakenCounts {
  done: number;
  failed: number;
  /** Not received: other receivers took or locked them, or the run ended earlier. */
  missed: number;
}

/** The SDK remembers 2,048 deliveries of a link from the oldest unsettled one on, and then receives no more. */
const linkHolds = 1_500;

/**
 * Receives the dead letters of a queue in their order and passes the planned ones to `take`. Service Bus cannot receive
 * a chosen message, so the others are received too, kept locked so that they do not arrive again at once, and abandoned
 * at the end. A full link is replaced by a new one; its messages return when their locks end. The run also ends when no
 * planned message has arrived for `patienceMs`.
 */
export async function takePlanned({
  plan: { queue, chosen, reach },
  take,
  batch,
  waits,
  signal,
  patienceMs = queue.source.lockDurationMs + 15_000,
}: TakeOptions): Promise<TakenCounts> {
  const left = new Set(chosen);
  const counts = { done: 0, failed: 0 };
  let link = openLink(queue);
  let received = 0;
  let metAt = performance.now();
  let told = false;

  const work = async (message: ReceivedMessage) => {
    const key = keyOf(message);
    if (!left.has(key)) return void link.held.push(message);
    const taken = await take(message, link.receiver);
    if (taken === 'again') return;
    if (taken === 'failed') link.held.push(message);
    left.delete(key);
    counts[taken] += 1;
    metAt = performance.now();
  };
  try {
    while (left.size > 0 && !signal?.aborted && performance.now() - metAt < patienceMs) {
      if (link.delivered >= linkHolds && link.held.length > 0) {
        await link.receiver.close();
        link = openLink(queue);
      }
      // No more than up to the last planned message: otherwise the SDK waits a second for messages that do not exist.
      const messages = await queue.receive(link.receiver, Math.max(1, Math.min(batch, reach - received)));
      received += messages.length;
      link.delivered += messages.length;
      if (messages.length === 0 && !told) {
        told = true;
        waits(queue.source.lockDurationMs);
      }
      const ended = await Promise.allSettled(messages.map(work));
      const broken = ended.find((result) => result.status === 'rejected');
      if (broken) throw broken.reason;
    }
  } finally {
    await Promise.allSettled(link.held.map((message) => link.receiver.abandonMessage(message)));
    await link.receiver.close();
  }
  return { ...counts, missed: left.size };
}

const openLink = (queue: DeadLetterQueue) => ({
  receiver: queue.openReceiver(),
  held: [] as ReceivedMessage[],
  delivered: 0,
});
