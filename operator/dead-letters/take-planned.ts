import type { ServiceBusReceiver } from '@azure/service-bus';
import type { ReceivedMessage } from '../../src/platform/messaging.ts';
import type { QueuePlan } from './change-plan.ts';
import { keyOf } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** `done`: it has left the dead letters. `failed`: it stays. `again`: its lock ended too early, so it is received again. */
export type Taken = 'done' | 'failed' | 'again';

interface TakeOptions {
  plan: QueuePlan;
  /** Called for several messages at once. What it throws ends the run. */
  take(message: ReceivedMessage, receiver: ServiceBusReceiver): Promise<Taken>;
  /** How many messages are locked together. */
  batch: number;
  /** Called once when nothing comes although something is left: another receiver, or a command that was killed, holds it. */
  waits(lockMs: number): void;
  /** How long to go on without a planned message: those that others hold come back when their locks end. */
  patienceMs?: number | undefined;
  /** Ends the run after what is in hand. */
  signal?: AbortSignal | undefined;
}

export interface TakenCounts {
  done: number;
  failed: number;
  /** Not received: others took or hold them, or the run was ended before. */
  missed: number;
}

/** The SDK keeps the last 2,048 deliveries of a link, settled or not, from the oldest that is not; then nothing more comes. */
const linkHolds = 1_500;

/**
 * Receives the dead letters of a queue in their order and gives the planned ones to `take`. Service Bus cannot receive a
 * chosen message, so the others are received too, held locked so that they do not come again at once, and given back at
 * the end. A full link is closed for a new one; what it held comes back when the locks end. The run ends all the same
 * when no planned message has come for `patienceMs`.
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
      // Not more than there is up to the last planned one, or the SDK waits a second for the rest.
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
