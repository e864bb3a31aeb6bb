import { MIMEType } from 'node:util';
import type { Request, Response } from 'express';
import type { Tools } from '../../platform/business.ts';
import { Problem } from '../../platform/problem.ts';
import { createFileIds } from './file-ids.ts';
import { readFileName } from './file-name.ts';
import { fileQueue, toMessage } from './queued-file.ts';

const maxContentTypeLength = 200;

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

/** The client that the token was issued to; `anonymous` when no tokens are required. */
const callerOf = ({ locals }: Response) => (locals.caller as { client: string } | undefined)?.client ?? 'anonymous';

/** Answers 202 only after the queue has confirmed the file. After any other answer the caller still has to send it. */
export function acceptFile({ send, log }: Tools) {
  const fileIds = createFileIds();
  return async function acceptFile(request: Request, response: Response): Promise<void> {
    const name = readFileName(request.get('x-file-name'));
    const contentType = readContentType(request.get('content-type'));
    const content = readContent(request.body);
    const caller = callerOf(response);
    const key = request.get('idempotency-key');
    const fileId = fileIds.idOf(caller, key, content);
    await send(fileQueue, toMessage({ fileId, name, contentType, content }));
    fileIds.remember(caller, key, fileId);
    log.info('file queued', { fileId, contentType, bytes: content.length });
    response.status(202).json({ fileId });
  };
}
