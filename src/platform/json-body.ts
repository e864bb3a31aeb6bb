import express, { type RequestHandler } from 'express';
import type { ParamsDictionary } from 'express-serve-static-core';
import { z } from 'zod';
import { MalformedError } from './errors.ts';
import type { ReceivedMessage } from './messaging.ts';
import { problemOfStatus } from './problem.ts';

/** The faults that an answer lists. More would only repeat the same mistake. */
const mostFaults = 10;

/**
 * For a route that takes JSON: `request.body` becomes what the schema makes of a body of at most `limitBytes` bytes. The
 * caller gets 415 for another Content-Type, 413 for a larger body, and 400 with the faults, but without the values, for
 * a body that is no JSON or that the schema refuses.
 */
export function jsonBody<Body>(
  schema: z.ZodType<Body>,
  { limitBytes = 192 * 1024 } = {},
): RequestHandler<ParamsDictionary, unknown, Body> {
  const parse = express.json({ type: () => true, limit: limitBytes });
  return function readJsonBody(request, response, next) {
    if (!request.is(['json', '+json'])) throw problemOfStatus(415, 'Send JSON with Content-Type application/json.');
    parse(request, response, (error?: unknown) => {
      if (error) return next(error);
      const { data, error: invalid } = schema.safeParse(request.body);
      if (invalid) return next(problemOfStatus(400, faultsIn(invalid)));
      request.body = data as Body;
      next();
    });
  };
}

/** The JSON body of a message, as the schema makes it. Throws `MalformedError`: another attempt would find it the same. */
export function jsonOf<Body>(message: Pick<ReceivedMessage, 'body'>, schema: z.ZodType<Body>): Body {
  let json: unknown = message.body;
  try {
    if (Buffer.isBuffer(json)) json = JSON.parse(json.toString('utf8'));
  } catch {
    throw new MalformedError('The body of the message is not JSON.');
  }
  const { data, error } = schema.safeParse(json);
  if (error) throw new MalformedError(`The body of the message is not as expected: ${faultsIn(error)}`);
  return data as Body;
}

function faultsIn({ issues }: z.ZodError): string {
  const inWords = ({ path, message }: z.core.$ZodIssue) => `${z.core.toDotPath(path) || 'body'}: ${message}`;
  return `${issues.slice(0, mostFaults).map(inWords).join('; ')}.`;
}

/**
 * A route that reads a body which no parser has read would find `undefined` and could take it for an empty one. So
 * reading it throws a `Problem` (415) until a parser has set it.
 */
export const unreadBody: RequestHandler = function unreadBody(request, _response, next) {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined) {
    const own = { configurable: true, enumerable: true };
    Object.defineProperty(request, 'body', {
      ...own,
      get() {
        throw problemOfStatus(415, 'This route has no parser for a body of this Content-Type.');
      },
      set: (value) => Object.defineProperty(request, 'body', { ...own, value, writable: true }),
    });
  }
  next();
};
