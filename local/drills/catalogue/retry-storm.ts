import { failedCalls, messageSteps } from '../common-signals.ts';
import type { Drill } from '../drill.ts';

export const retryStorm: Drill = {
  name: 'retry-storm',
  question: 'Most calls fail and a few succeed: is what is called hammered with repetitions?',
  perSecond: 8,
  config: { retry: { attempts: 6, firstDelaySeconds: 1, factor: 1, capSeconds: 1 } },
  begin: async ({ destination }) => void (await destination.faults.mode('flaky', { share: 0.7 })),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    { rule: 'dependency-failing', from: 4, why: 'More than half of the calls fail.' },
    { rule: 'retry-storm', from: 4, why: 'Most attempts are for messages that have failed before.' },
  ],
  mayFire: [
    { rule: 'dead-letters', from: 1, why: 'A message can fail in all of its attempts.' },
    { rule: 'exception-spike', from: 4, why: 'Each failed attempt logs the same error.' },
  ],
  signals: [failedCalls, messageSteps],
};
