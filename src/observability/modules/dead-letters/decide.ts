import { type BackOff, backOffMs } from '../../../platform/back-off.ts';
import { countIn, property, textIn } from '../../../platform/message-properties.ts';
import type { Properties, ReceivedMessage, Settlement } from '../../../platform/messaging.ts';
import { attemptOf } from '../../../platform/service-bus/handling.ts';
import { describeError } from '../structured-logs/error-fields.ts';
import { unavailableIn } from './dependency-unavailable.ts';
import { classify, type Failure } from './failure-table.ts';
import { addToHistory, type Outcome } from './history.ts';

export interface RetryPolicy extends BackOff {
  /** In all, the first included. */
  attempts: number;
  maxReplays: number;
}

interface DecideOptions {
  policy: RetryPolicy;
  service: { version: string; instance: string };
  random?: () => number;
}

export interface Failed {
  message: ReceivedMessage;
  error: unknown;
  now: Date;
  /** Whether there is a queue for copies; without one `later` cannot be carried out. */
  canCopy?: boolean;
}

export type Decision = Extract<Settlement, { kind: 'later' | 'dead-letter' }>;

const longestDescription = 1_000;

/** What becomes of a message whose handling failed. Pure: the message, the error and the time decide. */
export function createDecide({ policy, service, random = Math.random }: DecideOptions) {
  return function decide({ message, error, now, canCopy = true }: Failed): Decision {
    const { applicationProperties: properties, enqueuedTimeUtc, deliveryCount = 0 } = message;
    const attempt = attemptOf(message);
    const carry = (outcome: Outcome, reason: string): Properties => ({
      [property.firstEnqueuedAt]:
        textIn(properties, property.firstEnqueuedAt) ?? (enqueuedTimeUtc ?? now).toISOString(),
      [property.history]: addToHistory(properties, {
        time: now.toISOString(),
        attempt,
        outcome,
        reason,
        host: service.instance,
      }),
    });

    const unavailable = unavailableIn(error);
    if (unavailable) {
      const at = new Date(Math.max(now.getTime(), unavailable.until.getTime()));
      return { kind: 'later', at, attempt, properties: carry('put-aside', 'DependencyUnavailable') };
    }

    const failure = classify(error);
    const firstFailure = textIn(properties, property.firstFailure) ?? now.toISOString();
    const failed = { [property.firstFailure]: firstFailure };
    if (failure.class === 'transient' && attempt < policy.attempts) {
      const at = new Date(now.getTime() + delayMs(failure, attempt));
      return {
        kind: 'later',
        at,
        attempt: attempt + 1,
        properties: { ...carry('retried', failure.reason), ...failed },
      };
    }
    // It was delivered before: that worker may have sent the copy and died before it completed this one. Two of it in
    // the dead-letter queue would tell two stories, so the copy decides; duplicate detection keeps one of it.
    if (deliveryCount > 0 && canCopy) {
      return { kind: 'later', at: now, attempt, properties: { ...carry('handed-over', failure.reason), ...failed } };
    }
    const { type, message: text, fingerprint } = describeError(error);
    const reason = failure.class === 'transient' ? 'RetriesExhausted' : failure.reason;
    const parked = countIn(properties, property.replayCount) >= policy.maxReplays;
    return {
      kind: 'dead-letter',
      reason,
      description: `${type}: ${text}`.slice(0, longestDescription),
      properties: {
        ...carry('dead-lettered', failure.reason),
        ...failed,
        [property.attempts]: attempt,
        [property.fingerprint]: fingerprint,
        [property.serviceVersion]: service.version,
        ...(parked && { [property.parked]: true }),
      },
    };
  };

  /** Whoever asked for time gets it; the jitter comes on top, or all would be back at that very moment. */
  function delayMs({ retryAfterMs }: Failure, attempt: number): number {
    const own = backOffMs(attempt, policy, random);
    return own >= retryAfterMs ? own : retryAfterMs + (random() * Math.min(retryAfterMs, policy.firstMs)) / 2;
  }
}
