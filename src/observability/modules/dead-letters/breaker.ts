import { CircuitState, circuitBreaker, DelegateBackoff, handleWhen, type IBreaker } from 'cockatiel';
import { type BackOff, backOffMs } from '../../../platform/back-off.ts';
import { untilAborted } from '../../../platform/deadline.ts';
import { Stopping } from '../../../platform/errors.ts';
import type { Logger } from '../../../platform/log.ts';
import { classify, DependencyUnavailable, unavailableIn } from './failure-table.ts';

export type Breaker = ReturnType<typeof createBreaker>;

export interface BreakerOptions {
  dependency: string;
  log: Logger;
  /** When to try the dependency again after it stopped answering. */
  probe: BackOff;
  /** Called when the breaker opens or closes. */
  changed(): void;
}

/** The message for which a call is made, and the signal that ends the call. */
export interface Caller {
  message: string;
  signal: AbortSignal;
}

/** The handler ended while this call was still running, for a reason that says nothing about the dependency. */
export class LeftBehind extends Error {
  override name = 'LeftBehind';
}

/**
 * The circuit breaker of one dependency. It opens when most of the last calls failed, for at least two messages:
 * failures for one message alone may be the fault of that message.
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
  /** Whether a probe is running: a call that tests whether the dependency answers again. */
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
    /** The time of the next probe, in milliseconds since 1970. */
    probeAt: () => probeAt,
    /** Throws `DependencyUnavailable` while the breaker is open and no probe is due. */
    leaveAlone() {
      const now = Date.now();
      if (!isOpen() || (now >= probeAt && !isProbing())) return;
      // A random delay, so that the messages of a long outage do not all return at the same moment.
      const spreadMs = Math.random() * Math.min(waitMs, probe.capMs);
      throw new DependencyUnavailable(dependency, new Date(Math.max(probeAt, now) + spreadMs));
    },
    /**
     * Makes the call. Throws what the call throws, or `DependencyUnavailable` when it was a probe without an answer.
     */
    async execute<T>({ message, signal }: Caller, run: () => Promise<T>): Promise<T> {
      const isProbe = isOpen();
      const noted = (error: unknown) => {
        if (counts(error)) recent.add(message);
        throw error;
      };
      try {
        return await policy.execute(() => untilAborted(signal, run).catch(noted));
      } catch (error) {
        // A probe without an answer says nothing about the message, so no attempt is counted. An answer may be the
        // fault of the message.
        const unanswered = isProbe && counts(error) && (signal.aborted || !classify(error).answered);
        throw unanswered ? new DependencyUnavailable(dependency, new Date(probeAt), { cause: error }) : error;
      }
    },
  };
}

function countsAgainst(error: unknown, isOpen: boolean): boolean {
  if (error instanceof LeftBehind) return isOpen; // a probe without a result leaves the breaker open
  if (error instanceof Stopping || classify(error).class !== 'transient') return false;
  // A nested call that was refused because its own dependency is down does not count: this dependency was not called.
  return isOpen || !unavailableIn(error);
}

const remembered = 20;
const enough = 5;

/** Remembers for which message each of the last calls failed, which cockatiel's own breakers do not. */
function createRecentCalls() {
  const failedFor: (string | undefined)[] = [];
  /** Notes the message of a failed call. Call it before the breaker gets the failure. */
  const add = (message?: string) => {
    failedFor.push(message);
    if (failedFor.length > remembered) failedFor.shift();
  };
  const breaker: IBreaker = {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) failedFor.length = 0;
      add();
    },
    failure(state) {
      const failures = failedFor.filter((message) => message !== undefined);
      const mostFailed = failedFor.length >= enough && failures.length > failedFor.length / 2;
      return state !== CircuitState.Closed || (mostFailed && new Set(failures).size > 1);
    },
  };
  return { breaker, add };
}
