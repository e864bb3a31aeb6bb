import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusErrorCode } from '@azure/service-bus';
import { backOffMs } from '../back-off.ts';

/** The back-off between two tries. */
export const askAgain = { firstMs: 200, factor: 2, capMs: 1_000 };

/**
 * Milliseconds that a throttled client must wait:
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-throttling
 */
export const throttledMs = 10_000;

/**
 * The error with a message: when a connection is refused on two addresses, Node throws an `AggregateError` without one.
 */
export function brokerError(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? brokerError(error.errors.at(-1)) : error;
}

/**
 * The SDK's code, such as `MessagingEntityNotFound`. A refused connection comes as a `MessagingError` with
 * `GeneralError`.
 */
export function brokerCode(error: unknown): string | undefined {
  const inner = brokerError(error);
  if (!(inner instanceof Error) || inner instanceof TypeError || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' ? inner.code : undefined;
}

export const isThrottled = (error: unknown): boolean => brokerCode(error) === 'ServiceBusy';

/**
 * After these errors another try within seconds is useless or forbidden. The SDK's `retryable` is false for a refused
 * connection too.
 */
const final: ReadonlySet<string> = new Set<ServiceBusErrorCode>([
  'MessageLockLost',
  'MessageNotFound',
  'MessageSizeExceeded',
  'MessagingEntityDisabled',
  'MessagingEntityNotFound',
  'QuotaExceeded',
  'ServiceBusy',
  'UnauthorizedAccess',
]);

/** The last error of the tries so far: the cause for the error of a deadline. */
export interface Tried {
  error?: unknown;
}

/**
 * Calls `run` until it succeeds or `signal` aborts, as long as the broker's errors may pass. Writes each error to
 * `tried`. Throws the last error.
 */
export async function persist<T>(signal: AbortSignal, run: () => Promise<T>, tried: Tried = {}): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await run();
    } catch (error) {
      if (!signal.aborted) tried.error = brokerError(error);
      const code = brokerCode(error);
      if (signal.aborted || code === undefined || final.has(code)) throw error;
      await sleep(backOffMs(failures, askAgain), undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error; // the caller already has an error: another try could still succeed
    }
  }
}
