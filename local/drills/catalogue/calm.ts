import type { Drill } from '../drill-definition.ts';

/** One copy in so many is laid: at this load enough is left for each rule in its shortest window. */
const oneIn = 2;
const day = 24 * 60;

export const calm: Drill = {
  name: 'calm',
  question: 'Nothing is wrong for a day, with a deployment in it: does any rule fire all the same?',
  from: 1,
  perSecond: 1,
  // Longer than what the service does once a minute: it reads its queues and sends its metrics.
  seconds: { calm: 65, fault: 65 },
  // A day fills the windows, and the next is judged.
  pieces: [
    { stretch: 'calm', minutes: day, oneIn: 5 * oneIn },
    { stretch: 'onset', minutes: 'once' },
    { stretch: 'fault', minutes: day / 2, oneIn },
    { stretch: 'recovery', minutes: 'once' },
    { stretch: 'calm', minutes: day / 2, oneIn },
  ],
  deploys: true,
  /** A deployment: one process ends as it is told to, and another begins. */
  begin: async ({ processes }) => {
    await processes.end();
    await processes.start();
  },
  end: () => undefined,
  mustFire: [],
  signals: [],
  broken: ({ messages: { sent, delivered } }) =>
    delivered < sent ? [`${sent - delivered} messages were not delivered though nothing was wrong`] : [],
};
