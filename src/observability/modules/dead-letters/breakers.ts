import {
  type CircuitBreakerPolicy,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
} from 'cockatiel';
import { type BackOff, backOffMs } from '../../../platform/back-off.ts';
import type { Logger } from '../../../platform/log.ts';
import { Stopping } from '../../../platform/service-bus/handling.ts';
import { DependencyUnavailable, unavailableIn } from './dependency-unavailable.ts';
import { classify } from './failure-table.ts';
import { createFairShare, type FairShare } from './fair-share.ts';

interface BreakerOptions {
  log: Logger;
  /** When to try a dependency again after it stopped answering. */
  probe: BackOff;
  /** From how many of the last 20 calls on a majority of failures means that it does not answer. */
  minimumCalls?: number;
}

export interface Breakers {
  /** Throws `DependencyUnavailable`, without calling, while the dependency is left alone. */
  call<T>(dependency: string, run: () => Promise<T>): Promise<T>;
  isOpen(dependency: string): boolean;
  /** Whether a call tries just now if it answers again. */
  isProbing(dependency: string): boolean;
  /** Milliseconds since 1970 of the next try. */
  probeAt(dependency: string): number;
  /** Those that do not answer and that messages still need. */
  open(): string[];
  onChange(listener: () => void): void;
}

interface Breaker {
  policy: CircuitBreakerPolicy;
  share: FairShare;
  /** In milliseconds since 1970. */
  calledAt: number;
  /** When to try again (milliseconds since 1970), and for how long that was put off. */
  times: { probeAt: number; waitMs: number };
}

/** For how long others have to be left their share after the last call of them. */
const inUseForMs = 60_000;

const unavailable = (dependency: string, until: number, options: { cause?: unknown } = {}) =>
  new DependencyUnavailable(dependency, new Date(until), options);

/** Not what we interrupt ourselves, or a shutdown would look like an outage. */
const countsAgainst = (error: unknown) => classify(error).class === 'transient' && !(error instanceof Stopping);

/** A breaker for each dependency. Errors that say something about the message alone do not count against it. */
export function createBreakers(options: BreakerOptions): Breakers {
  const { log, probe, minimumCalls = 5 } = options;
  const breakers = new Map<string, Breaker>();
  const inUse = ({ calledAt }: Breaker) => Date.now() - calledAt < inUseForMs;
  /** Not one that has been due for a while without a message that needs it. */
  const isMissed = (breaker: Breaker) => inUse(breaker) || Date.now() - breaker.times.probeAt < inUseForMs;
  const isShared = () => [...breakers.values()].filter(inUse).length > 1;
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };

  function create(dependency: string): Breaker {
    const times = { probeAt: 0, waitMs: 0 };
    const breaker: Breaker = {
      calledAt: 0,
      times,
      share: createFairShare({ isShared }),
      // One that its own call needs is left alone: this one was never asked, so only a probe of it has failed.
      policy: circuitBreaker(
        handleWhen((e) => countsAgainst(e) && (isOpen(dependency) || !unavailableIn(e))),
        {
          breaker: new CountBreaker({ threshold: 0.5, size: 20, minimumNumberOfCalls: minimumCalls }),
          halfOpenAfter: new DelegateBackoff(({ attempt, result }) => {
            const asked = 'error' in result ? classify(result.error).retryAfterMs : 0;
            times.waitMs = Math.max(backOffMs(attempt, probe), asked);
            return times.waitMs;
          }),
        },
      ),
    };
    let openedAt = 0;
    breaker.policy.onBreak((reason) => {
      times.probeAt = Date.now() + times.waitMs;
      if (openedAt === 0) {
        openedAt = Date.now();
        const error = 'error' in reason ? reason.error : undefined;
        log.warning('dependency does not answer', { dependency, error });
      }
      changed();
    });
    breaker.policy.onReset(() => {
      log.info('dependency answers again', { dependency, seconds: Math.round((Date.now() - openedAt) / 1000) });
      openedAt = 0;
      changed();
    });
    breakers.set(dependency, breaker);
    return breaker;
  }

  const find = (dependency: string) => breakers.get(dependency) ?? create(dependency);
  const isOpen = (dependency: string) => find(dependency).policy.state !== CircuitState.Closed;
  const isProbing = (dependency: string) => find(dependency).policy.state === CircuitState.HalfOpen;

  function leaveAlone(dependency: string, { times }: Breaker): void {
    if (!isOpen(dependency) || (Date.now() >= times.probeAt && !isProbing(dependency))) return;
    // Spread, or a long outage would bring all its messages back at once, again and again.
    throw unavailable(
      dependency,
      Math.max(times.probeAt, Date.now()) + Math.random() * Math.min(times.waitMs, probe.capMs),
    );
  }

  return {
    isOpen,
    isProbing,
    probeAt: (dependency) => find(dependency).times.probeAt,
    open: () => [...breakers].filter(([name, breaker]) => isOpen(name) && isMissed(breaker)).map(([name]) => name),
    onChange: (listener) => void listeners.push(listener),
    async call(dependency, run) {
      const breaker = find(dependency);
      breaker.calledAt = Date.now();
      leaveAlone(dependency, breaker);
      const leave = isOpen(dependency) ? () => {} : await breaker.share.enter();
      if (typeof leave === 'number') throw unavailable(dependency, leave);
      let isProbe = false;
      try {
        leaveAlone(dependency, breaker); // it may have stopped answering while this call waited for its turn
        isProbe = isOpen(dependency);
        return await breaker.policy.execute(run);
      } catch (error) {
        // A failed probe says nothing new of its message.
        if (isProbe && countsAgainst(error)) throw unavailable(dependency, breaker.times.probeAt, { cause: error });
        throw error;
      } finally {
        leave();
      }
    },
  };
}
