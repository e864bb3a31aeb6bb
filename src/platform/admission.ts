import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { sendProblem } from './error-handler.ts';
import type { Logger } from './log.ts';
import { passingProblem } from './problem.ts';

/** Estimated memory of a request besides its body: the socket, the headers and the SDK's record of the message. */
const overheadBytes = 16 * 1024;
const reportEveryMs = 60_000;
/** What a body of unknown length counts as. The parser of its route sets the limit. */
const unknownBytes = 192 * 1024;
/** The default limit for all requests together that have a body and no answer yet. */
export const mostHeldBytes = 48 * 1024 * 1024;

const busy = passingProblem({
  type: 'service-busy',
  title: 'Service Busy',
  detail: 'Too many requests are waiting for an answer. This request was not stored: send it again later.',
});

/**
 * Limits the memory of requests with a body, which accumulate while the broker does not answer. A request counts as the
 * length of its body plus 16 KB, from before the body is read until the response closes. When a request would raise the
 * sum above `maxHeldBytes`, it is answered with 503 at once. A body of unknown length (chunked or compressed) counts as
 * 192 KB, and none as more than the sum: its route refuses a length beyond its own limit.
 */
export function createAdmission(maxHeldBytes: number, log: Logger): RequestHandler {
  let heldBytes = 0;
  let refused = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;

  return function admit({ headers }, response, next) {
    const body = Math.min(bodyBytes(headers), maxHeldBytes - overheadBytes);
    if (body === 0) return next();
    const bytes = body + overheadBytes;
    if (heldBytes + bytes <= maxHeldBytes) {
      heldBytes += bytes;
      response.once('close', () => {
        heldBytes -= bytes;
      });
      return next();
    }
    refused += 1;
    if (performance.now() - reportedAt >= reportEveryMs) {
      reportedAt = performance.now();
      log.warning('too many requests wait for an answer: new ones are refused', { refused, heldBytes });
    }
    // Not thrown: the error handler would log each refusal, up to thousands a second.
    sendProblem(response, busy);
  };
}

function bodyBytes(headers: IncomingHttpHeaders): number {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return unknownBytes;
  return Number(headers['content-length'] ?? 0);
}
