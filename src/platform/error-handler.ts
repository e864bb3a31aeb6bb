import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from './log.ts';
import type { Problem } from './problem.ts';
import { toProblem } from './to-problem.ts';

/** Headers that a route may have set for the body that it then did not send. */
const headersOfTheBody = ['content-encoding', 'content-language', 'content-range', 'etag', 'last-modified'];

/**
 * The one place where an error becomes an answer: `application/problem+json` without message or stack.
 * A 5xx is logged, once, with what caused it; a 4xx is the caller's affair.
 */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return function answerError(error: unknown, request, response, _next) {
    const problem = toProblem(error);
    if (problem.details.status >= 500) {
      log.error('request failed', {
        error: problem.cause ?? error,
        method: request.method,
        // The template, never the path: a path can hold what must not reach a log.
        route: response.locals.routeTemplate,
        status: problem.details.status,
      });
    }
    if (response.headersSent) cutShort(response);
    else sendProblem(response, problem);
  };
}

/** Too late for another status: a connection that breaks is the only way left to say that the answer is not whole. */
function cutShort(response: Response): void {
  if (!response.writableEnded) response.destroy();
}

/** Answers with problem details. The headers must not have been sent. */
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
