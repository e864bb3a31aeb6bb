import { failedRequests, loggedErrors } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const brokerErrors: Drill = {
  name: 'broker-errors',
  question: 'Service Bus answers every send with an internal error: who is told whose fault it is?',
  needs: ['queue'],
  begin: ({ serviceBus }) =>
    serviceBus.faults.refuseSends({
      condition: 'amqp:internal-error',
      description: 'The service was unable to process the request.',
    }),
  end: ({ serviceBus }) => serviceBus.faults.clear(),
  mustFire: [
    { rule: 'service-bus-errors', from: 1, why: 'The broker itself counts its errors.' },
    { rule: 'failed-requests', from: 1, why: 'Every request that sends a message is answered with 503.' },
    { rule: 'error-budget-fast', from: 4, why: 'All requests fail.' },
  ],
  mayFire: [
    { rule: 'error-budget-medium', from: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'error-budget-slow', from: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'exception-spike', from: 4, why: 'Each refused request logs the same error.' },
    { rule: 'dependency-failing', from: 4, why: 'Sends are calls too.' },
  ],
  signals: [failedRequests, loggedErrors],
};
