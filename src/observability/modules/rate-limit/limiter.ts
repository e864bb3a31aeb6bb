import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, type RateLimitInfo, rateLimit } from 'express-rate-limit';
import { sendProblem } from '../../../platform/error-handler.ts';
import { problemOfStatus } from '../../../platform/problem.ts';

const windowMs = 60_000;
const unknownAddress = '::';

interface LimitOptions {
  requestsPerMinute: number;
  proxies: number;
}

/**
 * Answers 429 with `Retry-After` when a caller has sent `requestsPerMinute` requests within a minute. The caller is the one
 * that the token names; without tokens it is the address of the last proxy's caller.
 */
export function createLimiter({ requestsPerMinute, proxies }: LimitOptions): RequestHandler {
  const detail = `A caller may send ${requestsPerMinute} requests in a minute: send this one again later.`;
  return rateLimit({
    windowMs,
    limit: requestsPerMinute,
    keyGenerator: (request, { locals: { caller } }) =>
      caller ? JSON.stringify([caller.client, caller.object]) : ipKeyGenerator(addressOf(request, proxies)),
    standardHeaders: false,
    legacyHeaders: false,
    // Not thrown: the limiter answers before a route is reached, and each refusal must stay cheap.
    handler(request, response) {
      const { resetTime } = (request as Request & { rateLimit: RateLimitInfo }).rateLimit;
      const seconds = Math.ceil(((resetTime?.getTime() ?? Date.now() + windowMs) - Date.now()) / 1_000);
      const headers = { 'retry-after': String(Math.max(1, seconds)) };
      sendProblem(response as Response, problemOfStatus(429, detail, headers));
    },
  });
}

/**
 * The address that the outermost of our own proxies has seen. Each proxy adds the address of its caller at the end of
 * X-Forwarded-For, so that what stands before the last `proxies` entries may be made up. With fewer entries than proxies
 * the address of the connection counts. A caller who goes around a proxy can make up the entry that counts: where that is
 * possible, ask for tokens.
 */
export function addressOf({ headers, socket }: Pick<Request, 'headers' | 'socket'>, proxies: number): string {
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  const seen = proxies > 0 ? entries.at(-proxies)?.trim() : undefined;
  return seen || socket.remoteAddress || unknownAddress;
}
