import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from './log.ts';
import type { Problem } from './problem.ts';
import { toProblem } from './to-problem.ts';

/** Headers that a route may have set for a body that it did not send. */
const headersOfTheBody = ['content-encoding', 'content-language', 'content-range', 'etag', 'last-modified'];

/**
 * The only place that turns an error into an answer: `application/problem+json` without the error's message or stack.
 * A 5xx is logged once, with its cause. A 4xx is not logged, because it is a mistake of the caller.
 */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return function answerError(error: unknown, request, response, _next) {
    const problem = toProblem(error);
    if (problem.details.status >= 500) {
      log.error('request failed', {
        error: problem.cause ?? error,
        method: request.method,
        // The template, not the path: a path can contain secrets or personal data.
        route: response.locals.routeTemplate,
        status: problem.details.status,
      });
    }
    if (response.headersSent) cutShort(response);
    else sendProblem(response, problem);
  };
}

/** The status is already sent. Closing the connection tells the caller that the answer is incomplete. */
function cutShort(response: Response): void {
  if (!response.writableEnded) response.destroy();
}

/** Answers with problem details. Call it before the headers are sent. */
export function sendProblem(response: Response, { details, headers }: Problem): void {
  const body = Buffer.from(JSON.stringify(details));
  for (const name of headersOfTheBody) response.removeHeader(name);
  response.statusCode = details.status;
  response.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('content-length', body.length);
  response.end(body);
}
