import { MalformedError, PermanentError, QueueUnavailable, TransientError } from '../../../platform/errors.ts';
import { MessageTooLarge } from '../../../platform/message-too-large.ts';
import { causesOf } from './dependency-unavailable.ts';

/** Transient: another attempt may succeed. Permanent: no attempt can succeed. Malformed: the message cannot be read. */
export type FailureClass = 'transient' | 'permanent' | 'malformed';

export interface Failure {
  class: FailureClass;
  /** The code in the history, and in the dead letter unless the retries ran out first. */
  reason: string;
  /** Milliseconds that the dependency asked to wait; 0 when it did not ask. */
  retryAfterMs: number;
  /** Whether the dependency answered. A connection that was refused, lost or timed out is no answer. */
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
 * The class of each error. The first row that matches counts, so add your own rows at the top. A code is a constant
 * word that operators search for; it never contains a part of the message.
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
    meaning: 'The broker never accepts the message that a handler wanted to send, or a copy of this message.',
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

/**
 * Codes that do not come from an error. The broker's own codes are listed too, because a dead letter shows them in the
 * same field.
 */
export const otherReasons = {
  RetriesExhausted: 'The last attempt that `retry.attempts` allows failed too; the history tells why.',
  ExpiresBeforeRetry: 'Its time to live ends before it could be tried again.',
  RetriedTooLong: 'It is as old as `retry.giveUpAfterHours` allows before it could be tried again.',
  DependencyUnavailable: 'In the history only: put aside while a dependency does not answer.',
  MaxDeliveryCountExceeded: 'By the broker: no delivery was settled, for example because the worker died each time.',
  TTLExpiredException: 'By the broker: it waited longer than its time to live.',
} as const;

const longestAskedMs = 3_600_000; // a Retry-After of more than an hour is often a mistake
const code = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** The error codes of Node, undici and axios for a broken connection. */
const connectionCode = /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_\w+|ERR_NETWORK)$/;

const isSilence = (error: Error) =>
  error.name === 'TimeoutError' ||
  error.name === 'AbortError' ||
  ('code' in error && typeof error.code === 'string' && connectionCode.test(error.code));

/** Classifies an error. Never throws. A `PermanentError` keeps its own reason if that is a valid code. */
export function classify(error: unknown): Failure {
  const row = failureTable.find(({ is }) => is(error));
  const asked = error instanceof TransientError ? (error.retryAfterMs ?? 0) : 0;
  const own = error instanceof PermanentError && code.test(error.reason) ? error.reason : undefined;
  return {
    class: row?.class ?? 'transient',
    reason: own ?? row?.reason ?? 'UnexpectedError',
    // NaN, such as from a date that was read as a number, counts as 0: otherwise the message would never be due.
    retryAfterMs: asked > 0 ? Math.min(asked, longestAskedMs) : 0,
    answered: !causesOf(error).some(isSilence),
  };
}
