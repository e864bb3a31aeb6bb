/**
 * What a handler throws to say what kind of failure it met. Level 1 abandons the message whatever is thrown;
 * `dead-letters` (level 2) reads the class. Anything else that is thrown counts as transient.
 */
export class TransientError extends Error {
  override name = 'TransientError';
  /** When the other side asked to be left alone until (its Retry-After), in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** Trying again cannot help. `reason` is a code, constant per kind of failure, that becomes the dead-letter reason. */
export class PermanentError extends Error {
  override name = 'PermanentError';
  readonly reason: string;

  constructor(reason: string, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** The message itself cannot be read. */
export class MalformedError extends Error {
  override name = 'MalformedError';
}

/** The broker did not confirm a message in time, or cannot be reached. When only its answer was lost, it has the message. */
export class QueueUnavailable extends Error {
  override name = 'QueueUnavailable';
}
