import { messageSteps, waitingMessages } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

const times = 15;

export const trafficBurst: Drill = {
  name: 'traffic-burst',
  question: 'Fifteen times the usual load comes for some minutes: is everything taken, and how late is it done?',
  from: 1,
  faultMinutes: 5,
  begin: () => undefined,
  during: async ({ load }, signal) => load.offer(Date.now() + 60_000, times, signal),
  end: () => undefined,
  mustFire: [],
  mayFire: [{ rule: 'message-latency', from: 4, why: 'What comes faster than it is handled waits.' }],
  signals: [messageSteps, waitingMessages],
  broken: ({ messages: { sent, delivered } }) =>
    delivered < sent ? [`${sent - delivered} of ${sent} messages were not delivered`] : [],
};
