import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { sendProblem } from './error-handler.ts';
import type { Logger } from './log.ts';
import { Problem } from './problem.ts';
import { retryAfterSeconds } from './to-problem.ts';

/** Estimated memory of a request besides its body: the socket, the headers and the SDK's record of the message. */
const overheadBytes = 16 * 1024;
const reportEveryMs = 60_000;

/**
 * Limits the memory of requests with a body, which accumulate while the broker does not answer. A request counts as the
 * length of its body plus 16 KB, from before the body is read until the response closes. When a request would raise the
 * sum above `maxHeldBytes`, it is answered with 503 at once. A body of unknown length (chunked or compressed) counts as
 * `maxBodyBytes`.
 */
export function createAdmission({
  maxBodyBytes,
  maxHeldBytes = 48 * 1024 * 1024,
  log,
}: {
  maxBodyBytes: number;
  maxHeldBytes?: number | undefined;
  log: Logger;
}): RequestHandler {
  let heldBytes = 0;
  let refused = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;

  /** Answers directly and does not throw: the error handler would log each refusal, up to thousands a second. */
  function refuse(response: Parameters<RequestHandler>[1]): void {
    refused += 1;
    if (performance.now() - reportedAt >= reportEveryMs) {
      reportedAt = performance.now();
      log.warning('too many requests wait for an answer: new ones are refused', { refused, heldBytes });
    }
    sendProblem(response, busy);
  }

  return function admit(request, response, next) {
    const body = bodyBytes(request, maxBodyBytes);
    if (body === 0) return next();
    const bytes = body + overheadBytes;
    if (heldBytes + bytes > maxHeldBytes) return refuse(response);
    heldBytes += bytes;
    response.once('close', () => {
      heldBytes -= bytes;
    });
    next();
  };
}

const busy = new Problem(
  {
    type: 'service-busy',
    title: 'Service Busy',
    status: 503,
    detail: 'Too many requests are waiting for an answer. This request was not stored: send it again later.',
  },
  { 'retry-after': String(retryAfterSeconds) },
);

function bodyBytes({ headers }: IncomingMessage, maxBodyBytes: number): number {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return maxBodyBytes;
  return Math.min(Number(headers['content-length'] ?? 0), maxBodyBytes);
}
