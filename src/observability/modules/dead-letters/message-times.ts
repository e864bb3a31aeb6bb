import type { Settings } from '../../../config/read-settings.ts';
import type { MessageSource } from '../../../platform/messaging.ts';

type Times = Pick<Settings, 'handlerTimeoutMs' | 'sendTimeoutMs'>;

/**
 * Milliseconds that the platform waits for the broker to confirm a settlement (`answerTimeoutMs` of `createMessaging`).
 */
const settleMs = 10_000;
/** The SDK tries once to renew a lock, at half its time or ten seconds before its end, and gives up when that fails. */
const shortestRenewedMs = 10_000;

/**
 * Checks that the lock of a message can last as long as handler, copy and settlement may take; otherwise the message is
 * handled twice at the same time. The SDK renews the lock for that time, but a very short lock ends before the SDK can
 * renew it. Returns a sentence that says what to change, or none.
 */
export function checkTimes({ name, lockDurationMs }: MessageSource, times: Times): string[] {
  const { handlerTimeoutMs, sendTimeoutMs } = times;
  if (lockDurationMs >= shortestRenewedMs) return [];
  return [
    `A lock of "${name}" ends after ${lockDurationMs} ms, too soon to be renewed, but a handler may take ${handlerTimeoutMs} ms (HANDLER_TIMEOUT_MS), its copy ${sendTimeoutMs} ms (SEND_TIMEOUT_MS) and the settlement ${settleMs} ms: set lockDuration in infra/queues.json to PT${shortestRenewedMs / 1000}S or more.`,
  ];
}
