/** RFC 9457 members. `type` is a short constant name, a relative URI reference. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
}

/**
 * A route throws it to answer with problem details. The caller sees `detail`, so it must contain nothing internal.
 * `cause` is logged when the status is 5xx, and never shown to the caller.
 */
export class Problem extends Error {
  override name = 'Problem';
  readonly details: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    details: ProblemDetails,
    headers: Readonly<Record<string, string>> = {},
    { cause }: { cause?: unknown } = {},
  ) {
    super(details.detail ?? details.title, cause === undefined ? {} : { cause });
    this.details = details;
    this.headers = headers;
  }
}
