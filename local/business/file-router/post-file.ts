import { createFileIds } from '../../../src/business/file-router/file-ids.ts';

export interface FileToSend {
  content?: string | Uint8Array<ArrayBuffer> | FormData;
  /** Decoded. */
  name?: string;
  /** `Idempotency-Key`, which with the content makes the file's id. */
  key?: string;
  /** Instead of what the others say; undefined takes a header away. */
  headers?: Readonly<Record<string, string | undefined>>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: { fileId?: string; type?: string; title?: string; status?: number; detail?: string };
}

/** The id that a file gets which is sent without a token. */
export const fileIdOf = (key: string, content: string | Uint8Array = 'content'): string =>
  createFileIds().idOf('anonymous', key, Buffer.from(content));

/** Sends one file as a caller does. */
export async function postFile(service: { url: string }, file: FileToSend = {}, path = '/files'): Promise<Answer> {
  const { content = 'content', name = 'a.txt', key, headers = {} } = file;
  const given = {
    'x-file-name': encodeURIComponent(name),
    ...(!(content instanceof FormData) && { 'content-type': 'text/plain' }),
    ...(key !== undefined && { 'idempotency-key': key }),
    ...headers,
  };
  const sent = Object.entries(given).filter((header): header is [string, string] => header[1] !== undefined);
  const response = await fetch(service.url + path, { method: 'POST', headers: sent, body: content });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
