/** RFC 9457 members. `type` is a short constant name, a relative URI reference. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
}

/**
 * An answer that a route wants to give instead of its result. `detail` is shown to the caller: nothing internal in it.
 * `cause` is what happened; it is logged when the status is 5xx and never shown.
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
