import type { Settings } from '../../../config/read-settings.ts';
import type { MessageSource } from '../../../platform/messaging.ts';

type Times = Pick<Settings, 'handlerTimeoutMs' | 'sendTimeoutMs'>;

/** What the platform gives the broker to confirm a settlement (`answerTimeoutMs` of `createMessaging`); longer than any lock below. */
const settleMs = 10_000;
/** The SDK asks for a longer lock once, at half its time or ten seconds before its end, and gives up when that fails. */
const shortestRenewedMs = 10_000;

/**
 * Whether the lock holds while handler, copy and settlement take as long as they may; else a message is handled twice
 * at the same time. The platform has it renewed for exactly that long, which a very short lock does not allow.
 * Returns a sentence that says what to change.
 */
export function checkTimes({ name, lockDurationMs }: MessageSource, times: Times): string | undefined {
  const { handlerTimeoutMs, sendTimeoutMs } = times;
  if (lockDurationMs >= shortestRenewedMs) return undefined;
  return (
    `A lock of "${name}" ends after ${lockDurationMs} ms, too soon to be renewed, but a handler may take ` +
    `${handlerTimeoutMs} ms (HANDLER_TIMEOUT_MS), its copy ${sendTimeoutMs} ms (SEND_TIMEOUT_MS) and the settlement ` +
    `${settleMs} ms: set lockDuration in infra/queues.json to PT${shortestRenewedMs / 1000}S or more.`
  );
}
