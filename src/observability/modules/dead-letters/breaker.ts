import { CircuitState, circuitBreaker, DelegateBackoff, handleWhen } from 'cockatiel';
import { type BackOff, backOffMs } from '../../../platform/back-off.ts';
import type { Logger } from '../../../platform/log.ts';
import { Stopping } from '../../../platform/service-bus/handling.ts';
import { DependencyUnavailable, unavailableIn } from './dependency-unavailable.ts';
import { classify } from './failure-table.ts';
import { createRecentCalls } from './recent-calls.ts';

export type Breaker = ReturnType<typeof createBreaker>;

export interface BreakerOptions {
  dependency: string;
  log: Logger;
  /** When to try the dependency again after it stopped answering. */
  probe: BackOff;
  /** Called when the breaker opens or closes. */
  changed(): void;
}

/** For which message a call is made, and when it must have ended. */
export interface Caller {
  message: string;
  signal: AbortSignal;
}

/** The handler ended for a reason that says nothing about this call, which was still running. */
export class LeftBehind extends Error {
  override name = 'LeftBehind';
}

/**
 * Watches the calls of one dependency and decides when it is left alone: when most of the last calls failed, and not
 * all of these for one message, which may be at fault itself.
 */
export function createBreaker({ dependency, log, probe, changed }: BreakerOptions) {
  const recent = createRecentCalls();
  let openedAt = 0;
  let probeAt = 0;
  let waitMs = 0;
  const counts = (error: unknown) => countsAgainst(error, isOpen());
  const policy = circuitBreaker(handleWhen(counts), {
    breaker: recent.breaker,
    halfOpenAfter: new DelegateBackoff(({ attempt, result }) => {
      const error = 'error' in result ? result.error : undefined;
      waitMs = error instanceof LeftBehind ? 0 : Math.max(backOffMs(attempt, probe), classify(error).retryAfterMs);
      return waitMs;
    }),
  });
  const isOpen = () => policy.state !== CircuitState.Closed;
  /** Whether a call tries just now if the dependency answers again. */
  const isProbing = () => policy.state === CircuitState.HalfOpen;
  policy.onBreak((reason) => {
    probeAt = Date.now() + waitMs;
    if (openedAt === 0) log.warning('dependency does not answer', { dependency, ...reason });
    openedAt ||= Date.now();
    changed();
  });
  policy.onReset(() => {
    log.info('dependency answers again', { dependency, seconds: Math.round((Date.now() - openedAt) / 1000) });
    openedAt = 0;
    changed();
  });

  return {
    dependency,
    isOpen,
    isProbing,
    /** Milliseconds since 1970 of the next try. */
    probeAt: () => probeAt,
    /** Throws `DependencyUnavailable` while the dependency must not be called. */
    leaveAlone() {
      const now = Date.now();
      if (!isOpen() || (now >= probeAt && !isProbing())) return;
      // Spread, or a long outage would bring all its messages back at once, again and again.
      const spreadMs = Math.random() * Math.min(waitMs, probe.capMs);
      throw new DependencyUnavailable(dependency, new Date(Math.max(probeAt, now) + spreadMs));
    },
    /** Throws what the call throws, or `DependencyUnavailable` when it tried an open breaker and had no answer. */
    async execute<T>({ message, signal }: Caller, run: () => Promise<T>): Promise<T> {
      const isProbe = isOpen();
      const noted = (error: unknown) => {
        if (counts(error)) recent.add(message);
        throw error;
      };
      try {
        return await policy.execute(() => untilAborted(signal, run).catch(noted));
      } catch (error) {
        // Without an answer it says nothing new of the message. An answer may be the message's own fault.
        const unanswered = isProbe && counts(error) && (signal.aborted || !classify(error).answered);
        throw unanswered ? new DependencyUnavailable(dependency, new Date(probeAt), { cause: error }) : error;
      }
    },
  };
}

function countsAgainst(error: unknown, isOpen: boolean): boolean {
  if (error instanceof LeftBehind) return isOpen; // a probe without a result proves nothing
  if (error instanceof Stopping || classify(error).class !== 'transient') return false;
  // Refused by the breaker of another dependency, which this call needs: this one was never asked.
  return isOpen || !unavailableIn(error);
}

/** A call that ignores its signal would never count as failed, and a probe that never ends would be the last. */
async function untilAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([run(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
