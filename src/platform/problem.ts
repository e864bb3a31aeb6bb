import { STATUS_CODES } from 'node:http';

/** RFC 9457 members. `type` is a short constant name, a relative URI reference. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
}

type Headers = Readonly<Record<string, string>>;

/**
 * A route throws it to answer with problem details. The caller sees `detail`, so it must contain nothing internal.
 * `cause` is logged when the status is 5xx, and never shown to the caller.
 */
export class Problem extends Error {
  override name = 'Problem';
  readonly details: ProblemDetails;
  readonly headers: Headers;

  constructor(details: ProblemDetails, headers: Headers = {}, { cause }: { cause?: unknown } = {}) {
    super(details.detail ?? details.title, cause === undefined ? {} : { cause });
    this.details = details;
    this.headers = headers;
  }
}

/** A problem whose type and title are the name of its status, such as `not-found` for 404. */
export function problemOfStatus(status: number, detail?: string, headers: Headers = {}): Problem {
  // Node still says "Payload Too Large"; RFC 9110 renamed it.
  const title = status === 413 ? 'Content Too Large' : (STATUS_CODES[status] ?? 'Bad Request');
  const type = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return new Problem({ type, title, status, ...(detail !== undefined && { detail }) }, headers);
}

/** The `Retry-After` of answers with 503, in seconds, unless the broker asks for another time. */
export const retryAfterSeconds = 5;

/** A problem that passes by itself: a 503 that tells the caller when to send the request again. */
export function passingProblem(
  details: Omit<ProblemDetails, 'status'>,
  cause?: unknown,
  seconds = retryAfterSeconds,
): Problem {
  return new Problem({ ...details, status: 503 }, { 'retry-after': String(seconds) }, { cause });
}
