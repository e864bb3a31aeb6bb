import { messageSteps, repeatedAttempts } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { loseLocks } from '../lose-locks.ts';

export const retryStorm: Drill = {
  name: 'retry-storm',
  question:
    'The handlers take longer than the locks last, so that each message is handled again and again: who stops it?',
  needs: ['queue', 'destinations'],
  begin: async ({ destination }) => void (await destination.faults.mode('slow', { ms: 1_500 })),
  during: (scene, signal) => loseLocks(scene, 1_000, signal),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [{ rule: 'retry-storm', from: 4, why: 'Most attempts are for messages that were handled before.' }],
  mayFire: [
    { rule: 'dead-letters', from: 1, why: 'A message whose lock is lost each time uses up its deliveries.' },
    { rule: 'exception-spike', from: 4, why: 'Each settlement without a lock logs the same error.' },
    { rule: 'message-latency', from: 4, why: 'What is handled again and again is completed late.' },
    { rule: 'dependency-failing', from: 4, why: 'A settlement is a call, and fails without its lock.' },
  ],
  signals: [repeatedAttempts, messageSteps],
};
