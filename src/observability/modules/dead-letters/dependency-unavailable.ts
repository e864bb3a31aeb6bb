import { TransientError } from '../../../platform/errors.ts';

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
