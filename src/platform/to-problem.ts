import { STATUS_CODES } from 'node:http';
import { QueueUnavailable } from './errors.ts';
import { MessageTooLarge } from './message-too-large.ts';
import { Problem } from './problem.ts';

/** The `Retry-After` of answers with 503, in seconds. */
export const retryAfterSeconds = 5;

/** What Express and its body parser throw (http-errors). */
interface RequestError {
  status: number;
  type?: unknown;
  limit?: unknown;
}

/**
 * The answer for an error that was thrown while a request was handled (RFC 9457). A `Problem` is shown to the caller as
 * it is, and an error in the request itself with its status. For any other error the caller gets a 500 without details.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueueUnavailable) {
    return new Problem(
      {
        type: 'queue-unavailable',
        title: 'Queue Unavailable',
        status: 503,
        // It must not say that the message was not stored: if only the confirmation was lost, the queue has it.
        detail:
          'The queue did not confirm the message: send it again later, with the same Idempotency-Key if it has one.',
      },
      { 'retry-after': String(retryAfterSeconds) },
      { cause: error },
    );
  }
  if (error instanceof MessageTooLarge) {
    const detail = 'It is larger than the queue takes in one message.';
    return new Problem(
      { type: 'content-too-large', title: 'Content Too Large', status: 413, detail },
      {},
      { cause: error },
    );
  }
  if (isRequestError(error)) return requestProblem(error);
  return new Problem({ type: 'internal-error', title: 'Internal Server Error', status: 500 }, {}, { cause: error });
}

/** Only errors in the request have `expose`. Other errors may have a status too, such as that of a failed call. */
function isRequestError(error: unknown): error is Error & RequestError {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return false;
  if (error.status < 400 || error.status > 499) return false;
  return error instanceof URIError || ('expose' in error && error.expose === true);
}

function requestProblem(error: Error & RequestError): Problem {
  // Node still says "Payload Too Large"; RFC 9110 renamed it.
  const title = error.status === 413 ? 'Content Too Large' : (STATUS_CODES[error.status] ?? 'Bad Request');
  const detail = requestDetail(error);
  return new Problem({
    type: title.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
    title,
    status: error.status,
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Never the error's own message, which may name a file of the service or repeat the request. */
function requestDetail(error: Error & RequestError): string | undefined {
  if (error instanceof URIError) return 'The path holds a broken percent-encoding.';
  if (error.type === 'entity.too.large') return `The body may hold ${String(error.limit)} bytes at most.`;
  if (error.type === 'encoding.unsupported') return 'The content encoding is unknown: send the body without it.';
  if (error.type === 'request.size.invalid') return 'The body is not as long as Content-Length says.';
  return undefined;
}
