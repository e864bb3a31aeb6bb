import { failedRequests, loggedErrors } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const brokerOutage: Drill = {
  name: 'broker-outage',
  question: 'Service Bus is gone: are callers told at once, and does everything go on when it is back?',
  needs: ['queue'],
  faultMinutes: 75,
  begin: async ({ serviceBus }) => void (await serviceBus.faults.mode('down')),
  end: async ({ serviceBus }) => void (await serviceBus.faults.mode('ok')),
  mustFire: [
    { rule: 'failed-requests', from: 1, why: 'Every request that sends a message is answered with 503.' },
    { rule: 'error-budget-fast', from: 4, why: 'All requests fail: the budget of the month is gone within hours.' },
    {
      rule: 'error-budget-medium',
      from: 4,
      why: 'A quarter of an hour without a good answer burns six hours of budget.',
    },
    { rule: 'error-budget-slow', from: 4, why: 'An hour without a good answer is four percent of the day.' },
  ],
  mayFire: [
    { rule: 'exception-spike', from: 4, why: 'Each refused request logs the same error.' },
    { rule: 'dependency-failing', from: 4, why: 'The connection to the broker is a dependency too.' },
    { rule: 'oldest-message', from: 4, why: 'The broker may keep a last message that it did not confirm any more.' },
  ],
  signals: [failedRequests, loggedErrors],
};
