import { expect, test } from 'vitest';
import { checkTimes } from '../../../../src/observability/modules/dead-letters/message-times.ts';

const check = (lockSeconds: number, handlerTimeoutMs: number, sendTimeoutMs = 5_000) =>
  checkTimes(
    { name: 'parcels', queue: 'parcels', lockDurationMs: lockSeconds * 1_000, maxDeliveryCount: 10 },
    { handlerTimeoutMs, sendTimeoutMs },
  );

test('the defaults fit, and so does a handler that outlasts its lock, because the lock is renewed', () => {
  expect([check(60, 30_000), check(60, 49_000), check(60, 3_600_000), check(10, 30_000)]).toEqual(
    Array.from({ length: 4 }, () => []),
  );
});

test('a lock that is too short to be renewed in time is named, with what to do', () => {
  expect(check(5, 30_000)).toEqual([
    'A lock of "parcels" ends after 5000 ms, too soon to be renewed, but a handler may take 30000 ms ' +
      '(HANDLER_TIMEOUT_MS), its copy 5000 ms (SEND_TIMEOUT_MS) and the settlement 10000 ms: ' +
      'set lockDuration in infra/queues.json to PT10S or more.',
  ]);
});
