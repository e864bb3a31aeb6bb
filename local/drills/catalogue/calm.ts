import { setTimeout as wait } from 'node:timers/promises';
import { brokenByDeveloper } from '../developer-rows.ts';
import type { Drill, Signal } from '../drill-definition.ts';

/**
 * Ten minutes in all. What the service does once a minute is in the two long stretches as often as in any other minutes, because
 * they last whole minutes; the deployment lies in the short one between them.
 */
const seconds = { calm: 240, onset: 30, fault: 300, recovery: 30 };
/** A developer's run begins when the deployment is over and ends within the same stretch. */
const [developerAfterSeconds, developerSeconds] = [35, 240];
const day = 24 * 60;

const ofDeveloper: Signal = {
  question: "What has the developer's run sent?",
  query: `union AppRequests, AppDependencies
| where isnotempty(SyntheticSource)
| summarize sent = sum(ItemCount), failed = sumif(ItemCount, Success == false)
| where sent > 0
| project answer = strcat(sent, " requests and calls, of which ", failed, " failed")`,
};

export const calm: Drill = {
  name: 'calm',
  question:
    "Nothing is wrong for a day, with a deployment and a developer's own run in it: does any rule fire all the same?",
  from: 1,
  perSecond: 1,
  seconds,
  // A day fills the windows, and the next is judged. Most of the first counts in sums alone. From its last hour on one copy in two is
  // laid, so that rows are missing for five minutes at the longest, and the shortest window, of ten minutes, is never empty.
  pieces: [
    { stretch: 'calm', minutes: day - 60, oneIn: 15 },
    { stretch: 'calm', minutes: 60, oneIn: 2 },
    { stretch: 'onset', minutes: 'once' },
    { stretch: 'fault', minutes: day / 2, oneIn: 2 },
    { stretch: 'recovery', minutes: 'once' },
    { stretch: 'calm', minutes: day / 2, oneIn: 2 },
  ],
  deploys: true,
  /** A deployment: one process ends as it is told to, and another begins. */
  begin: async ({ processes }) => {
    await processes.end();
    await processes.start();
  },
  during: async ({ runAsDeveloper }, signal) => {
    await wait(developerAfterSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await runAsDeveloper(developerSeconds, signal);
  },
  end: () => undefined,
  mustFire: [],
  signals: [ofDeveloper],
  broken: ({ messages: { sent, delivered } }, { insights, checkout }) => [
    ...(delivered < sent ? [`${sent - delivered} messages were not delivered though nothing was wrong`] : []),
    ...brokenByDeveloper(insights, { canFail: Object.keys(checkout.destinations).length > 0 }),
  ],
};
