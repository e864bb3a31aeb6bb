import { messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill.ts';
import { queueOf } from '../queue-of-business.ts';
import { repeatEvery } from '../repeat-every.ts';

export const lockLoss: Drill = {
  name: 'lock-loss',
  question: 'Messages lose their locks while they are handled: are they handled twice, or lost?',
  from: 1,
  begin: async ({ destination }) => void (await destination.faults.mode('slow', { ms: 400 })),
  during: ({ serviceBus, checkout }, signal) => {
    const queue = serviceBus.entities.queue(queueOf(checkout))?.queue;
    return repeatEvery(1_000, signal, () => {
      for (const { lock } of queue?.peek(0, 10_000) ?? []) if (lock) queue?.loseLock(lock.token);
    });
  },
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [],
  mayFire: [{ rule: 'exception-spike', from: 4, why: 'Each settlement without a lock logs the same error.' }],
  signals: [messageSteps],
  broken: ({ messages: { deadLettered } }) =>
    deadLettered > 0 ? [`${deadLettered} messages were dead-lettered though only locks were lost`] : [],
};
