import { loggedErrors, waitingMessages } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

/** Above what any drill takes: a message that is held back for so long is not handed over. */
const neverMs = 600_000;

export const silentConsumer: Drill = {
  name: 'silent-consumer',
  question: 'The links to the queue are up and nothing is handed over: who detects a job that fails silently?',
  needs: ['queue'],
  // The service reads ages once a minute: the onset lasts until a reading has seen the fault.
  seconds: { onset: 66 },
  faultMinutes: 45,
  begin: ({ serviceBus }) => serviceBus.faults.slowDelivery(neverMs),
  end: ({ serviceBus }) => {
    serviceBus.faults.slowDelivery(0);
    serviceBus.faults.detachLinks();
  },
  mustFire: [
    { rule: 'consumer-stalled', from: 4, why: 'Messages are accepted and none reaches a handler.' },
    { rule: 'backlog', from: 4, why: 'The queue holds messages and completes none.' },
    { rule: 'oldest-message', from: 4, why: 'The oldest message waits for as long as nothing is handed over.' },
  ],
  mayFire: [{ rule: 'message-latency', from: 4, why: 'What waited is completed late in the recovery.' }],
  signals: [waitingMessages, loggedErrors],
};
