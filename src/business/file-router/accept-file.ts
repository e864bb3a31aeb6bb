import { randomUUID } from 'node:crypto';
import { MIMEType } from 'node:util';
import type { Request, Response } from 'express';
import type { RouteTools } from '../../platform/business.ts';
import { Problem } from '../../platform/problem.ts';
import { fileEvents } from './events.ts';
import { readFileName } from './file-name.ts';
import { fileQueue, toMessage } from './queued-file.ts';

const idempotencyKey = /^[A-Za-z0-9._-]{1,100}$/; // a message id holds 128 characters, and `:` is kept for copies
const maxContentTypeLength = 200;

/** The client's key is the file's id, so that its repeat is one file. */
function readFileId(key: string | undefined): string {
  if (key === undefined) return randomUUID();
  if (idempotencyKey.test(key)) return key;
  throw new Problem({
    type: 'invalid-idempotency-key',
    title: 'Invalid Idempotency-Key',
    status: 400,
    detail: 'Idempotency-Key takes 1 to 100 of the characters A-Z a-z 0-9 . _ -',
  });
}

function readContentType(header = 'application/octet-stream'): string {
  const unsupported = (detail: string) =>
    new Problem({ type: 'unsupported-media-type', title: 'Unsupported media type', status: 415, detail });
  if (header.length > maxContentTypeLength) {
    throw unsupported(`Content-Type must not be longer than ${maxContentTypeLength} characters.`);
  }
  let type: MIMEType;
  try {
    type = new MIMEType(header);
  } catch {
    throw unsupported('Content-Type is not a media type such as application/pdf.');
  }
  if (type.type === 'multipart') throw unsupported('Send the file itself as the body, not a form.');
  return type.essence;
}

function readContent(body: unknown): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new Problem({
    type: 'empty-file',
    title: 'Empty file',
    status: 400,
    detail: 'The body must hold at least one byte.',
  });
}

/** Answers 202 only when the queue has the file: before that the caller keeps it. */
export const acceptFile = ({ send, log }: RouteTools) =>
  async function acceptFile(request: Request, response: Response): Promise<void> {
    const name = readFileName(request.get('x-file-name'));
    const contentType = readContentType(request.get('content-type'));
    const fileId = readFileId(request.get('idempotency-key'));
    const content = readContent(request.body);
    fileEvents.accepted({ fileId, contentType, bytes: content.length });

    const startedAt = performance.now();
    await send(fileQueue, toMessage({ fileId, name, contentType, content }));
    fileEvents.queued({ fileId, durationMs: performance.now() - startedAt });
    log.info('file queued', { fileId, contentType, bytes: content.length });
    response.status(202).json({ fileId });
  };
