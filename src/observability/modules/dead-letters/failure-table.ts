import { MalformedError, PermanentError, QueueUnavailable, TransientError } from '../../../platform/errors.ts';

const deepestCause = 5;

/** Thrown by `tools.call` instead of a call. The message is put aside until `until`, and no attempt is counted. */
export class DependencyUnavailable extends TransientError {
  override name = 'DependencyUnavailable';
  readonly until: Date;

  constructor(dependency: string, until: Date, options: { cause?: unknown } = {}) {
    super(`${dependency} is not called at the moment.`, options);
    this.until = until;
  }
}

/** The error and its causes, the outermost first: a handler may have wrapped the error of its call. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let next = error; next instanceof Error && causes.length < deepestCause; next = next.cause) causes.push(next);
  return causes;
}

export const unavailableIn = (error: unknown): DependencyUnavailable | undefined =>
  causesOf(error).find((cause) => cause instanceof DependencyUnavailable);

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
}

type ErrorType = abstract new (...args: never[]) => Error;
const isA = (type: ErrorType) => (error: unknown) => error instanceof type;

/**
 * The class of each error. The first row that matches counts, so add your own rows at the top. A code is a constant
 * word that operators search for; it never contains a part of the message. `docs/modules/dead-letters.md` explains each.
 */
export const failureTable: readonly FailureRow[] = [
  { is: isA(MalformedError), class: 'malformed', reason: 'MalformedMessage' },
  { is: isA(PermanentError), class: 'permanent', reason: 'PermanentFailure' }, // or the code that the handler gives
  { is: isA(QueueUnavailable), class: 'transient', reason: 'QueueUnavailable' },
  { is: isA(TransientError), class: 'transient', reason: 'TransientFailure' },
  { is: () => true, class: 'transient', reason: 'UnexpectedError' },
];

/** Codes that `decide.ts` gives, because they do not come from one error. */
export const otherReasons = {
  exhausted: 'RetriesExhausted',
  expires: 'ExpiresBeforeRetry',
  tooOld: 'RetriedTooLong',
  unavailable: 'DependencyUnavailable',
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
