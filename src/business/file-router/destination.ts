import { PermanentError, TransientError } from '../../platform/errors.ts';
import type { QueuedFile } from './queued-file.ts';

const askedToWait = new Set([408, 425, 429]);

/** Milliseconds from `Retry-After` (RFC 9110: seconds or a date); undefined when it is absent or not valid. */
export function readRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Sends a file to a destination, which recognises a repeated file by its `Idempotency-Key`. Throws `PermanentError`
 * when the destination refuses the file for good, `TransientError` when another attempt may succeed.
 */
export async function deliver(url: URL, file: QueuedFile, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(file.content),
      headers: {
        'content-type': file.contentType,
        'x-file-name': encodeURIComponent(file.name),
        'idempotency-key': file.fileId,
      },
      redirect: 'manual', // the content is sent only to the configured address
      signal,
    });
    await response.body?.pipeTo(new WritableStream()); // read to its end, or the span of the call never ends
  } catch (cause) {
    throw new TransientError('The destination cannot be reached.', { cause });
  }
  const { status } = response;
  if (response.ok) return;
  const answer = `The destination answered ${status}`;
  if (status >= 500 || askedToWait.has(status)) {
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
    throw new TransientError(`${answer}.`, { retryAfterMs });
  }
  const redirects = status >= 300 && status < 400;
  throw new PermanentError(
    'DestinationRefused',
    redirects
      ? `${answer}, a redirect, which is never followed: let FILE_ROUTER_DESTINATION_URL name the final address.`
      : `${answer}.`,
  );
}
