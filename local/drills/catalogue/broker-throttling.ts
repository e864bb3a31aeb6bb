import { failedRequests, loggedErrors } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';

export const brokerThrottling: Drill = {
  name: 'broker-throttling',
  question: 'Service Bus throttles this namespace: do callers hear of it, and is anything lost?',
  needs: ['queue'],
  begin: async ({ serviceBus }) => void (await serviceBus.faults.mode('server-busy')),
  end: async ({ serviceBus }) => void (await serviceBus.faults.mode('ok')),
  mustFire: [
    { rule: 'throttled', from: 1, why: 'The broker counts what it refuses.' },
    { rule: 'failed-requests', from: 1, why: 'A send that is refused until its deadline is answered with 503.' },
    { rule: 'error-budget-fast', from: 4, why: 'All requests that send a message fail.' },
  ],
  mayFire: [
    { rule: 'error-budget-medium', from: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'error-budget-slow', from: 4, why: 'Minutes without any good answer burn that window too.' },
    { rule: 'exception-spike', from: 4, why: 'Each refused request logs the same error.' },
    { rule: 'dependency-failing', from: 4, why: 'Sends are calls too.' },
  ],
  signals: [failedRequests, loggedErrors],
};
