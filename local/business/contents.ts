import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { OutgoingRequest } from './local-business.ts';

type Content = Awaited<ReturnType<OutgoingRequest['open']>>;

/** The body of a request from a file, read when it is sent, so that a folder of any size fits in memory. */
export async function openFile(path: string): Promise<Content> {
  const handle = await open(path);
  const { size } = await handle.stat();
  if (size > 0) return { bytes: size, content: handle.createReadStream({ start: 0, end: size - 1 }) };
  await handle.close();
  return { bytes: 0, content: Readable.from([]) };
}

/** The body of a request from what is in memory; an object becomes JSON. */
export function openBody(body: Buffer | object): Content {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return { bytes: bytes.length, content: Readable.from(bytes.length > 0 ? [bytes] : []) };
}
