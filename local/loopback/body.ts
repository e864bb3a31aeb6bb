import type { IncomingMessage } from 'node:http';

/** The body is larger than this server takes: answer 413. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';

  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes`);
  }
}

/**
 * Reads a whole body. One that is too large is read to its end without being kept, because a client that is cut off while
 * it writes sees a broken pipe and never the 413. Throws `BodyTooLarge`, or the stream's error when the client went away.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > limitBytes) throw new BodyTooLarge(limitBytes);
  return Buffer.concat(chunks);
}
