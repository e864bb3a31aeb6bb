import { keyOf } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { type Selection, select } from './selection.ts';

/** Which dead letters of a queue a replay or purge takes. */
export interface QueuePlan {
  queue: DeadLetterQueue;
  /** Their sequence numbers. A message that is dead-lettered later is not in the plan. */
  chosen: Set<string>;
  /** The position of the last planned message in the queue: all messages up to it must be received. */
  reach: number;
}

export interface ChangePlan {
  queues: readonly QueuePlan[];
  total: number;
  byReason: ReadonlyMap<string, number>;
}

/** Chooses at most `max` dead letters without locking any. Keeps only their sequence numbers in memory. */
export async function planChange(selection: Selection, max: number, seen: (n: number) => void): Promise<ChangePlan> {
  const byReason = new Map<string, number>();
  const plans = new Map<DeadLetterQueue, QueuePlan>();
  let total = 0;
  for await (const { queue, position, facts, message } of select(selection)) {
    const plan = plans.get(queue) ?? { queue, chosen: new Set(), reach: 0 };
    plans.set(queue, plan);
    plan.chosen.add(keyOf(message));
    plan.reach = position;
    const reason = facts.reason ?? 'no reason';
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    total += 1;
    seen(total);
    if (total >= max) break;
  }
  return { queues: [...plans.values()], total, byReason };
}
