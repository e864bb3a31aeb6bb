import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusErrorCode } from '@azure/service-bus';
import { backOffMs } from '../back-off.ts';

/** When to ask the broker again. */
export const askAgain = { firstMs: 200, factor: 2, capMs: 1_000 };

/** What Azure asks of a client of a throttled namespace: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-throttling */
export const throttledMs = 10_000;

/** The error that tells something: a connection refused on two addresses arrives as an `AggregateError` without a message. */
export function brokerError(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? brokerError(error.errors.at(-1)) : error;
}

/** The SDK's code, such as `MessagingEntityNotFound`. A refused connection comes as a `MessagingError` with `GeneralError`. */
export function brokerCode(error: unknown): string | undefined {
  const inner = brokerError(error);
  if (!(inner instanceof Error) || inner instanceof TypeError || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' ? inner.code : undefined;
}

export const isThrottled = (error: unknown): boolean =>
  brokerCode(error) === ('ServiceBusy' satisfies ServiceBusErrorCode);

/** Errors that another try within seconds cannot change, or must not be tried. The SDK's own `retryable` calls a refused connection final too. */
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

/** Tries again until `signal` aborts, as long as the broker's error is one that can pass. `failed` hears of each. */
export async function persist<T>(
  signal: AbortSignal,
  run: () => Promise<T>,
  failed: (error: unknown) => void = () => {},
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await run();
    } catch (error) {
      if (!signal.aborted) failed(brokerError(error));
      const code = brokerCode(error);
      if (signal.aborted || code === undefined || final.has(code)) throw error;
      await sleep(backOffMs(failures + 1, askAgain), undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error; // the caller has its answer: another try would contradict it
    }
  }
}
