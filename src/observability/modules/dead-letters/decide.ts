import { type BackOff, backOffMs } from '../../../platform/back-off.ts';
import { attemptOf, countIn, textIn, timeIn } from '../../../platform/message-properties.ts';
import type { Properties, ReceivedMessage, Settlement } from '../../../platform/messaging.ts';
import { describeError } from '../structured-logs/error-fields.ts';
import type { CopyOptions } from './copy-message.ts';
import { classify, otherReasons, unavailableIn } from './failure-table.ts';
import { addToHistory, type Outcome } from './history.ts';
import { property } from './properties.ts';

export interface RetryPolicy extends BackOff {
  /** All attempts, including the first. */
  attempts: number;
  maxReplays: number;
  /** Age at which a message that still fails is dead-lettered, in milliseconds. */
  giveUpAfterMs: number;
}

export interface Failed {
  message: ReceivedMessage;
  error: unknown;
  now: Date;
  /** Whether the source has a queue for copies. Without it `later` cannot be carried out. */
  canCopy?: boolean;
}

export type Decision = ({ kind: 'later' } & CopyOptions) | Extract<Settlement, { kind: 'dead-letter' }>;

const longestDescription = 1_000;

/**
 * Decides about a message whose handling failed: a copy, or the dead-letter queue. It only computes and sends nothing.
 */
export function createDecide(
  policy: RetryPolicy,
  service: { version: string; instance: string },
  random = Math.random,
) {
  const { version, instance: host } = service;
  return function decide({ message, error, now, canCopy = true }: Failed): Decision {
    const { applicationProperties: properties, deliveryCount = 0 } = message;
    const attempt = attemptOf(message);
    const { beganAt, expiresAt } = lifeOf(message, now);
    const { class: kind, reason, retryAfterMs } = classify(error);
    const unavailable = unavailableIn(error);
    const why = unavailable ? otherReasons.unavailable : reason;
    const carry = (outcome: Outcome): Properties => ({
      [property.firstEnqueuedAt]: beganAt.toISOString(),
      ...(expiresAt && { [property.expiresAt]: expiresAt.toISOString() }),
      ...(outcome !== 'put-aside' && {
        [property.firstFailure]: textIn(properties, property.firstFailure) ?? now.toISOString(),
      }),
      [property.history]: addToHistory(properties, { time: now.toISOString(), attempt, outcome, reason: why, host }),
    });

    let code = reason;
    if (unavailable || (kind === 'transient' && attempt < policy.attempts)) {
      const delayedMs = () => now.getTime() + delayMs(attempt, retryAfterMs, policy, random);
      const at = new Date(Math.max(now.getTime(), unavailable?.until.getTime() ?? delayedMs()));
      const isOlder = at.getTime() >= beganAt.getTime() + policy.giveUpAfterMs;
      if (expiresAt && at >= expiresAt) code = otherReasons.expires;
      else if (isOlder) code = otherReasons.tooOld;
      else if (unavailable) return { kind: 'later', at, attempt, properties: carry('put-aside') };
      else return { kind: 'later', at, attempt: attempt + 1, properties: carry('retried') };
    } else if (kind === 'transient') code = otherReasons.exhausted;

    // The message was delivered before. The worker of that delivery may have sent a copy and died before it completed
    // the message; then message and copy would both become dead letters. So the copy is sent again, and its own
    // handling decides. If the first copy exists, duplicate detection drops the second.
    if (deliveryCount > 0 && canCopy && !(expiresAt && now >= expiresAt)) {
      return { kind: 'later', at: now, attempt, properties: carry('handed-over') };
    }
    const { type, message: text, fingerprint } = describeError(error);
    const parked = countIn(properties, property.replayCount) >= policy.maxReplays;
    return {
      kind: 'dead-letter',
      reason: code,
      description: `${type}: ${text}`.slice(0, longestDescription),
      properties: {
        ...carry('dead-lettered'),
        [property.attempts]: attempt,
        [property.fingerprint]: fingerprint,
        [property.serviceVersion]: version,
        ...(parked && { [property.parked]: true }),
      },
    };
  };
}

/**
 * Milliseconds to wait, at least as long as `Retry-After` asks. Jitter is added on top, so that messages do not all
 * return at once.
 */
function delayMs(attempt: number, retryAfterMs: number, policy: RetryPolicy, random: () => number): number {
  const own = backOffMs(attempt, policy, random);
  return own >= retryAfterMs ? own : retryAfterMs + (random() * Math.min(retryAfterMs, policy.firstMs)) / 2;
}

/** When the queue first took the message, and when its own time to live ends: the same for all its copies. */
function lifeOf({ applicationProperties: properties, enqueuedTimeUtc, timeToLive }: ReceivedMessage, now: Date) {
  const beganAt = timeIn(properties, property.firstEnqueuedAt) ?? enqueuedTimeUtc ?? now;
  const own = timeToLive === undefined ? undefined : new Date(beganAt.getTime() + timeToLive);
  return { beganAt, expiresAt: timeIn(properties, property.expiresAt) ?? own };
}
