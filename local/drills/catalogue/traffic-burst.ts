import { messageSteps, waitingMessages } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

const times = 8;

export const trafficBurst: Drill = {
  name: 'traffic-burst',
  question: 'More comes than the handlers can do: is everything taken, how late is it done, and who notices?',
  needs: ['queue', 'destinations'],
  from: 1,
  seconds: { onset: 10, fault: 30 },
  faultMinutes: 15,
  // Sixteen at once, each for 600 ms, are fewer than come.
  begin: async ({ destination }) => void (await destination.faults.mode('slow', { ms: 600 })),
  during: async ({ load }, signal) => load.offer(Date.now() + 60_000, times, signal),
  end: async ({ destination }) => void (await destination.faults.mode('ok')),
  mustFire: [
    { rule: 'message-latency', from: 4, why: 'What comes faster than it is handled waits longer and longer.' },
  ],
  mayFire: [{ rule: 'oldest-message', from: 4, why: 'What comes faster than it is handled waits longer and longer.' }],
  signals: [messageSteps, waitingMessages],
  broken: ({ messages: { sent, refused, deadLettered } }) => [
    ...(refused > 0 ? [`${refused} of ${sent} requests were refused`] : []),
    ...(deadLettered > 0 ? [`${deadLettered} messages were dead-lettered, though they only had to wait`] : []),
  ],
};
