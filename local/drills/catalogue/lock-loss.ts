import { messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { loseLocks } from '../lose-locks.ts';

export const lockLoss: Drill = {
  name: 'lock-loss',
  question: 'Messages lose their locks while they are handled: are they handled twice, or lost?',
  needs: ['queue', 'destinations'],
  from: 1,
  begin: async ({ destination }) => void (await destination.faults.mode('slow', { ms: 400 })),
  during: (scene, signal) => loseLocks(scene, 1_000, signal),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [],
  mayFire: [{ rule: 'exception-spike', from: 4, why: 'Each settlement without a lock logs the same error.' }],
  signals: [messageSteps],
  broken: ({ messages: { deadLettered } }) =>
    deadLettered > 0 ? [`${deadLettered} messages were dead-lettered though only locks were lost`] : [],
};
