import { whyDeadLettered } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const expiredMessages: Drill = {
  name: 'expired-messages',
  question: 'Messages outlive their time in the queue because nothing takes them: do they vanish?',
  needs: ['queue'],
  queue: { defaultMessageTimeToLive: 'PT4S', deadLetteringOnMessageExpiration: true },
  begin: ({ serviceBus }) => serviceBus.faults.slowDelivery(600_000),
  end: ({ serviceBus }) => {
    serviceBus.faults.slowDelivery(0);
    serviceBus.faults.detachLinks();
  },
  mustFire: [{ rule: 'dead-letters', from: 1, why: 'What expires goes to the dead-letter queue.' }],
  mayFire: [
    { rule: 'backlog', from: 4, why: 'The queue completes nothing.' },
    { rule: 'consumer-stalled', from: 4, why: 'None of the messages reaches a handler.' },
    { rule: 'oldest-message', from: 4, why: 'Something waits until it expires.' },
  ],
  signals: [whyDeadLettered],
};
