import type { DrillScene } from './drill-definition.ts';
import { queueOf } from './queue-of-business.ts';
import { repeatEvery } from './repeat-every.ts';

/** Makes the broker forget every lock on the queue of the business again and again, until the signal aborts. */
export function loseLocks({ serviceBus, checkout }: DrillScene, everyMs: number, signal: AbortSignal): Promise<void> {
  const queue = serviceBus.entities.queue(queueOf(checkout))?.queue;
  return repeatEvery(everyMs, signal, () => {
    for (const { lock } of queue?.peek(0, 10_000) ?? []) if (lock) queue?.loseLock(lock.token);
  });
}
