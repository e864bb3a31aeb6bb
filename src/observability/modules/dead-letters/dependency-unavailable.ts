import { TransientError } from '../../../platform/errors.ts';

const deepestCause = 5;

/** Thrown by `tools.call` instead of calling: its message is put aside until then, and no attempt is counted. */
export class DependencyUnavailable extends TransientError {
  override name = 'DependencyUnavailable';
  readonly dependency: string;
  readonly until: Date;

  constructor(dependency: string, until: Date, options: { cause?: unknown } = {}) {
    super(`${dependency} is left alone for a while.`, options);
    this.dependency = dependency;
    this.until = until;
  }
}

/** A handler may have wrapped it: what counts is why it failed. */
export function unavailableIn(error: unknown): DependencyUnavailable | undefined {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < deepestCause; depth += 1) {
    if (current instanceof DependencyUnavailable) return current;
    current = current.cause;
  }
  return undefined;
}
