import { messageSteps, slowestCalls } from '../common-signals.ts';
import type { Drill } from '../drill.ts';

export const dependencySlow: Drill = {
  name: 'dependency-slow',
  question: 'One dependency answers too late: does that slow callers or the other dependencies, and who notices?',
  perSecond: 12,
  begin: async ({ destination, checkout }) => {
    const [first] = Object.keys(checkout.destinations);
    await destination.faults.mode('slow', { ms: 8_000, destination: first });
  },
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    {
      rule: 'dependency-failing',
      from: 4,
      why: 'Calls of the slow dependency run into the deadline of their handler.',
    },
  ],
  mayFire: [
    { rule: 'message-latency', from: 4, why: 'Messages for the slow dependency are completed late.' },
    { rule: 'dead-letters', from: 1, why: 'A message whose handler runs into its deadline uses up its deliveries.' },
    { rule: 'exception-spike', from: 4, why: 'Each call that ran into the deadline logs the same error.' },
  ],
  signals: [slowestCalls, messageSteps],
};
