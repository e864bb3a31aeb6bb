import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import { Stopping } from '../../../platform/errors.ts';
import type { Logger } from '../../../platform/log.ts';
import { originalIdOf } from '../../../platform/message-properties.ts';
import type { Delivery, MessageSource, ReceiveMiddleware, Settlement } from '../../../platform/messaging.ts';
import { CannotBeCopied, checkRoom, copyMessage } from './copy-message.ts';
import type { createDecide, Decision } from './decide.ts';
import { classify, unavailableIn } from './failure-table.ts';

interface RetryOptions {
  decide: ReturnType<typeof createDecide>;
  /** Whether the source has a queue for copies. Without one a failure is left to the broker, as at level 1. */
  canCopy(source: MessageSource): boolean;
  clock: Clock;
  log: Logger;
  /** Milliseconds to wait before each further try of one attempt, while the message stays locked. */
  immediateDelaysMs: readonly number[];
}

/** Runs the handler again a few times within one attempt, because some failures pass within a second; then decides. */
export function createRetry({ decide, canCopy, clock, log, immediateDelaysMs }: RetryOptions): ReceiveMiddleware {
  return async function retry(delivery, next) {
    let failed: unknown;
    for (let tries = 0; ; tries += 1) {
      try {
        return await next();
      } catch (thrown) {
        // If a later try is refused because a dependency does not answer, the error of the earlier try counts.
        const error = failed !== undefined && unavailableIn(thrown) ? failed : thrown;
        failed = error;
        if (error === thrown && (await triesAgain(error, immediateDelaysMs[tries], delivery.signal))) continue;
        if (delivery.signal.reason instanceof Stopping) throw error; // the platform abandons the message
        const copies = canCopy(delivery.source);
        const decision = decide({ message: delivery.message, error, now: clock.now(), canCopy: copies });
        if (decision.kind === 'later' && !copies) throw error;
        return settlementOf(decision, delivery, error, log);
      }
    }
  };
}

/** Whether to run the handler again at once. If so, waits first; the handler's deadline ends the wait. */
async function triesAgain(error: unknown, delayMs: number | undefined, signal: AbortSignal): Promise<boolean> {
  if (delayMs === undefined || signal.aborted || unavailableIn(error)) return false;
  const { class: kind, retryAfterMs } = classify(error);
  if (kind !== 'transient' || retryAfterMs > delayMs) return false;
  await sleep(delayMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  return !signal.aborted;
}

/**
 * Logs a decision and returns its settlement. A message that the broker would refuse as a copy or as a dead letter, or
 * that would arrive changed, is abandoned as at level 1: the broker counts its deliveries and dead-letters it.
 */
function settlementOf(decision: Decision, delivery: Delivery, error: unknown, log: Logger): Settlement {
  const { message, source } = delivery;
  const facts = { source: source.name, messageId: originalIdOf(message) };
  try {
    if (decision.kind === 'dead-letter') {
      const { kind, properties, ...texts } = decision;
      checkRoom({ ...message.applicationProperties, ...properties, ...texts }, 'deadLetter');
      log.error('message dead-lettered', { ...facts, reason: decision.reason, error });
      return decision;
    }
    const copy = copyMessage(delivery, decision);
    const until = { ...facts, nextAttempt: decision.attempt, until: decision.at.toISOString() };
    // The breaker has logged the outage once. A warning for each of its messages would hide that line.
    if (unavailableIn(error)) log.debug('message put aside', until);
    else log.warning('message attempt failed', { ...until, error });
    return { kind: 'later', copy };
  } catch (refusal) {
    if (!(refusal instanceof CannotBeCopied)) throw refusal;
    log.warning('message left to the broker', { ...facts, why: refusal.message, error });
    return { kind: 'abandon' };
  }
}
