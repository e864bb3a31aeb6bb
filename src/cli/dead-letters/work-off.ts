import type { ServiceBusReceiver } from '@azure/service-bus';
import type { ReceivedMessage } from '../../platform/messaging.ts';
import type { Bus } from './bus.ts';
import { keyOf } from './dead-letter.ts';
import type { Plan } from './plan.ts';

/**
 * `done`: it has left the dead letters. `failed`: it stays, and this run leaves it alone; `returned`: the same, and it has
 * been given back already. `again`: its lock ended too early, so it comes again.
 */
export type Outcome = 'done' | 'failed' | 'returned' | 'again';

export interface Worker {
  /** Called for several messages at once. What it throws ends the run. */
  take(message: ReceivedMessage, receiver: ServiceBusReceiver): Promise<Outcome>;
  /** Messages that are locked together. */
  batch: number;
}

interface WorkOffOptions {
  bus: Bus;
  plan: Plan;
  worker: Worker;
  /** Called once when nothing comes although something is left: somebody, or a run that was killed, holds it. */
  waits?(lockMs: number): void;
  /** How long to go on without having met one of the plan: those in somebody's hands come back when their locks end. */
  patienceMs?: number;
  /** Ends the run after what is in hand. */
  signal?: AbortSignal | undefined;
  /** Deliveries of a link behind the oldest one that is held. */
  linkHolds?: number;
}

export interface WorkedOff {
  done: number;
  failed: number;
  /** Not met: somebody else has taken them or holds them, or the run was ended before. */
  missed: number;
}

const waitMs = 2_000;

/**
 * Receives the dead letters of a source in their order and gives the planned ones to the worker. Service Bus cannot
 * receive a chosen message, so the others are taken too, held locked so that they do not come again at once, and given
 * back at the end. The SDK keeps the last 2,048 deliveries of a link, settled or not, from the oldest that is not; then
 * nothing more comes. So a full link is closed for a new one, and what it held comes back when the locks end. It ends all
 * the same, when nothing planned has come for `patienceMs`.
 */
export async function workOff({
  bus,
  plan: { source, chosen, reach },
  worker: { take, batch },
  waits,
  signal,
  patienceMs = source.lockDurationMs + 15_000,
  linkHolds = 1_500,
}: WorkOffOptions): Promise<WorkedOff> {
  const left = new Set(chosen);
  const tally = { done: 0, failed: 0 };
  let receiver = bus.openDeadLetters(source);
  let held: ReceivedMessage[] = [];
  let received = 0;
  let onLink = 0;
  let metAt = performance.now();
  let told = false;

  const work = async (message: ReceivedMessage) => {
    const key = keyOf(message);
    if (!left.has(key)) return void held.push(message);
    const outcome = await take(message, receiver);
    if (outcome === 'again') return;
    if (outcome === 'failed') held.push(message);
    left.delete(key);
    tally[outcome === 'done' ? 'done' : 'failed'] += 1;
    metAt = performance.now();
  };
  try {
    while (left.size > 0 && !signal?.aborted && performance.now() - metAt < patienceMs) {
      if (onLink >= linkHolds && held.length > 0) {
        await receiver.close();
        receiver = bus.openDeadLetters(source);
        held = [];
        onLink = 0;
      }
      // Not more than there is up to the last planned one, or the SDK waits a second for the rest.
      const wanted = Math.max(1, Math.min(batch, reach - received));
      const messages = await bus.ask(source, () => receiver.receiveMessages(wanted, { maxWaitTimeInMs: waitMs }));
      received += messages.length;
      onLink += messages.length;
      if (messages.length === 0 && !told) {
        told = true;
        waits?.(source.lockDurationMs);
      }
      const ended = await Promise.allSettled(messages.map(work));
      const broken = ended.find((result) => result.status === 'rejected');
      if (broken) throw broken.reason;
    }
  } finally {
    await Promise.allSettled(held.map((message) => receiver.abandonMessage(message)));
    await receiver.close();
  }
  return { ...tally, missed: left.size };
}
