import type { ErrorRequestHandler, Response } from 'express';
import { MessageTooLarge, QueueUnavailable } from './errors.ts';
import type { Logger } from './log.ts';
import { Problem, passingProblem, problemOfStatus } from './problem.ts';

/** Headers that a route may have set for a body that it did not send. */
const headersOfTheBody = ['content-encoding', 'content-language', 'content-range', 'etag', 'last-modified'];

/**
 * The only place that turns an error into an answer: `application/problem+json` without the error's message or stack.
 * A 5xx is logged once, with its cause. A 4xx is not logged, because it is a mistake of the caller.
 */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return function answerError(error: unknown, { method }, response, _next) {
    const problem = toProblem(error);
    const { status } = problem.details;
    if (status >= 500) {
      // The template, not the path: a path can contain secrets or personal data.
      const route = response.locals.routeTemplate;
      log.error('request failed', { error: problem.cause ?? error, method, route, status });
    }
    if (!response.headersSent) sendProblem(response, problem);
    // The status is already sent. Closing the connection tells the caller that the answer is incomplete.
    else if (!response.writableEnded) response.destroy();
  };
}

/** Answers with problem details. Call it before the headers are sent. */
export function sendProblem(response: Response, { details, headers }: Problem): void {
  for (const name of headersOfTheBody) response.removeHeader(name);
  response.status(details.status).set(headers).set('cache-control', 'no-store');
  // Not `set`, which adds a character set.
  response.setHeader('content-type', 'application/problem+json');
  response.send(Buffer.from(JSON.stringify(details)));
}

/**
 * The answer for an error that was thrown while a request was handled (RFC 9457). A `Problem` is shown to the caller as
 * it is, and an error in the request itself with its status. For any other error the caller gets a 500 without details.
 */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueueUnavailable) {
    // It must not say that the message was not stored: if only the confirmation was lost, the queue has it.
    const detail =
      'The queue did not confirm the message: send it again later, with the same Idempotency-Key if it has one.';
    const seconds = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1_000);
    return passingProblem({ type: 'queue-unavailable', title: 'Queue Unavailable', detail }, error, seconds);
  }
  if (error instanceof MessageTooLarge)
    return problemOfStatus(413, 'It is larger than the queue takes in one message.');
  if (isRequestError(error)) return problemOfStatus(error.status ?? 400, detailOf(error));
  return new Problem({ type: 'internal-error', title: 'Internal Server Error', status: 500 }, {}, { cause: error });
}

/** What Express and its body parser throw (http-errors). */
type RequestError = Error & { status?: number; expose?: boolean; type?: string; limit?: number };

/** Only errors in the request have `expose`. Other errors may have a status too, such as that of a failed call. */
function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error)) return false;
  const { status = 0, expose = error instanceof URIError }: RequestError = error;
  return expose === true && status >= 400 && status <= 499;
}

/** Never the error's own message, which may name a file of the service or repeat the request. */
function detailOf(error: RequestError): string | undefined {
  if (error instanceof URIError) return 'The path holds a broken percent-encoding.';
  if (error.type === 'entity.too.large') return `The body may hold ${error.limit} bytes at most.`;
  if (error.type === 'entity.parse.failed') return 'The body is not JSON.';
  if (error.type === 'encoding.unsupported') return 'The content encoding is unknown: send the body without it.';
  if (error.type === 'request.size.invalid') return 'The body is not as long as Content-Length says.';
  return undefined;
}
