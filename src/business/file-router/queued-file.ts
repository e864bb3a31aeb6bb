import { MalformedError } from '../../platform/errors.ts';
import type { ReceivedMessage, ServiceBusMessage } from '../../platform/messaging.ts';
import { maxNameBytes } from './file-name.ts';

/** The queue of the files; its settings are in `infra/queues.json`. */
export const fileQueue = 'files';

export interface QueuedFile {
  fileId: string;
  name: string;
  contentType: string;
  content: Buffer;
}

export const toMessage = ({ fileId, name, contentType, content }: QueuedFile): ServiceBusMessage => ({
  messageId: fileId,
  body: content,
  contentType,
  applicationProperties: { 'file-id': fileId, 'file-name': name },
});

/** Throws `MalformedError` when the message was not written by `toMessage`. */
export function fromMessage({ body, contentType, applicationProperties = {} }: ReceivedMessage): QueuedFile {
  const { 'file-id': fileId, 'file-name': name } = applicationProperties;
  if (typeof fileId !== 'string' || !fileId)
    throw new MalformedError('The message has no application property file-id.');
  if (typeof name !== 'string' || !name) throw new MalformedError('The message has no application property file-name.');
  if (Buffer.byteLength(name) > maxNameBytes)
    throw new MalformedError(`file-name is longer than ${maxNameBytes} bytes.`);
  if (!Buffer.isBuffer(body)) throw new MalformedError('The message body is not binary data.');
  return { fileId, name, contentType: contentType ?? 'application/octet-stream', content: body };
}
