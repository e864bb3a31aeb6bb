import type { RequestHandler, Response } from 'express';
import { problemOfStatus } from '../../../platform/problem.ts';
import { noRoute } from '../application-insights/request-spans.ts';
import type { Hashes } from './hashes.ts';
import type { Serving } from './producers.ts';
import type { AnsweredRequest } from './security-counts.ts';

type Note = (request: Omit<AnsweredRequest, 'at'>) => void;

/** Notes each request when its answer ends, with what the token check has found. It changes nothing of the answer. */
export function watchRequests(hashes: Hashes, serving: Serving, note: Note): RequestHandler {
  const callerOf = ({ locals: { caller } }: Response) => caller && hashes.caller(caller);

  return function watchRequest(request, response, next) {
    const before = request.socket.bytesWritten;
    response.on('close', () => {
      const { locals, statusCode: status } = response;
      // The error code of RFC 6750, where the answer has one.
      const code = /\berror="(\w{1,40})"/.exec(String(response.getHeader('www-authenticate')))?.[1];
      note({
        Route: `${request.method} ${locals.routeTemplate ?? noRoute}`,
        Fingerprint: hashes.fingerprint(request),
        Caller: callerOf(response) ?? '',
        Client: locals.caller?.client ?? '',
        Reason: code ?? problemOfStatus(status).details.type,
        status,
        bytes: request.socket.bytesWritten - before,
      });
    });
    serving.run(() => callerOf(response), next);
  };
}
