import { MalformedError, PermanentError, QueueUnavailable, TransientError } from '../../../platform/errors.ts';
import { MessageTooLarge } from '../../../platform/service-bus/message-too-large.ts';
import { causesOf } from './dependency-unavailable.ts';

/** Transient: another attempt may succeed. Permanent: none can. Malformed: nobody can even read the message. */
export type FailureClass = 'transient' | 'permanent' | 'malformed';

export interface Failure {
  class: FailureClass;
  /** Of the history, and of the dead letter unless retries ran out first. */
  reason: string;
  /** Milliseconds for which the other side asked to be left alone; 0 when it did not. */
  retryAfterMs: number;
  /** Whether the other side answered. A connection that was refused, lost or timed out is no answer. */
  answered: boolean;
}

interface FailureRow {
  is(error: unknown): boolean;
  class: FailureClass;
  reason: string;
  meaning: string;
}

type ErrorType = abstract new (...args: never[]) => Error;
const isA = (type: ErrorType) => (error: unknown) => error instanceof type;

/**
 * What each error means, first match first. Add your own rows on top: a code is a constant word that people search for,
 * never text with something of the message in it.
 */
export const failureTable: readonly FailureRow[] = [
  { is: isA(MalformedError), class: 'malformed', reason: 'MalformedMessage', meaning: 'The message cannot be read.' },
  {
    is: isA(PermanentError),
    class: 'permanent',
    reason: 'PermanentFailure',
    meaning: 'A handler knows that trying again cannot help; the code that it gives stands here instead.',
  },
  {
    is: isA(MessageTooLarge),
    class: 'permanent',
    reason: 'MessageTooLarge',
    meaning: 'The broker never takes what a handler wanted to send, or the message with what a copy of it carries.',
  },
  {
    is: isA(QueueUnavailable),
    class: 'transient',
    reason: 'QueueUnavailable',
    meaning: 'A handler could not send a message.',
  },
  { is: isA(TransientError), class: 'transient', reason: 'TransientFailure', meaning: 'A handler expects it to pass.' },
  { is: () => true, class: 'transient', reason: 'UnexpectedError', meaning: 'Any other error: it may pass.' },
];

/** Codes that no error gives. The broker's own are in the same place of a message, so they are in the same table. */
export const otherReasons = {
  RetriesExhausted: 'The last attempt that `retry.attempts` allows failed too; the history tells why.',
  ExpiresBeforeRetry: 'Its time to live ends before it could be tried again.',
  RetriedTooLong: 'It is as old as `retry.giveUpAfterHours` allows before it could be tried again.',
  DependencyUnavailable: 'In the history only: put aside while a dependency does not answer.',
  MaxDeliveryCountExceeded: 'By the broker: nobody settled it, as when the worker dies each time.',
  TTLExpiredException: 'By the broker: it waited longer than its time to live.',
} as const;

const longestAskedMs = 3_600_000; // a Retry-After beyond an hour is a mistake as often as not
const code = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** As Node, undici and axios name what happens to a connection. */
const connectionCode = /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_\w+|ERR_NETWORK)$/;

const isSilence = (error: Error) =>
  error.name === 'TimeoutError' ||
  error.name === 'AbortError' ||
  ('code' in error && typeof error.code === 'string' && connectionCode.test(error.code));

/** Never throws. A permanent error brings its own code, if it is one. */
export function classify(error: unknown): Failure {
  const row = failureTable.find(({ is }) => is(error));
  const asked = error instanceof TransientError ? (error.retryAfterMs ?? 0) : 0;
  const own = error instanceof PermanentError && code.test(error.reason) ? error.reason : undefined;
  return {
    class: row?.class ?? 'transient',
    reason: own ?? row?.reason ?? 'UnexpectedError',
    // A date read as a number is NaN: a time that never comes, for the message and for its dependency.
    retryAfterMs: asked > 0 ? Math.min(asked, longestAskedMs) : 0,
    answered: !causesOf(error).some(isSilence),
  };
}
