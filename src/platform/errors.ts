/**
 * Another attempt may succeed. With the errors of this file a handler says what kind of failure it met. At level 1 the
 * platform abandons the message after any error; at level 2 `dead-letters` decides by the class of the error. An error
 * of another class counts as transient.
 */
export class TransientError extends Error {
  override name = 'TransientError';
  /** How long the dependency asked us to wait (its `Retry-After`), in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** No attempt can succeed. `reason` is a constant code for this kind of failure; it becomes the dead-letter reason. */
export class PermanentError extends Error {
  override name = 'PermanentError';
  readonly reason: string;

  constructor(reason: string, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** The handler cannot read the message. */
export class MalformedError extends Error {
  override name = 'MalformedError';
}

/** The broker did not confirm a message in time. If only the confirmation was lost, the broker has the message. */
export class QueueUnavailable extends TransientError {
  override name = 'QueueUnavailable';
}

/** The reason of a handler's aborted signal when the service stops before the handler has ended. */
export class Stopping extends Error {
  override name = 'Stopping';
}

/**
 * A message exceeds the broker's limit (256 KB in the Standard tier, properties included). Unlike after
 * `QueueUnavailable`, sending it again cannot succeed.
 */
export class MessageTooLarge extends PermanentError {
  override name = 'MessageTooLarge';

  constructor(entity: string, options?: { cause?: unknown }) {
    super('MessageTooLarge', `The message is larger than "${entity}" accepts.`, options);
  }
}
