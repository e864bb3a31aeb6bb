import { createHash } from 'node:crypto';
import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer, json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import type { Follow, MessageRequest, OutgoingRequest } from '../../business/local-business.ts';

export type Answer =
  | {
      kind: 'answered';
      status: number;
      id: string | undefined;
      sha256: string;
      retryAfterMs: number | undefined;
      /** What the service says of a refusal. */
      problem?: string | undefined;
    }
  /** The service did not answer: it may or may not have the request. */
  | { kind: 'unanswered'; reason: string }
  | { kind: 'unreadable'; reason: string };

/** Where requests go. */
export interface Service {
  url: string;
  /** The connection string of its broker, for what is sent as a message. */
  serviceBus?: string | undefined;
  agent: Agent;
  follow: Follow | undefined;
}

/**
 * Streams one request to the service and answers what came back; never throws. `sha256` is that of the bytes that were really
 * sent. An answer that comes before the body is through (413) ends the sending.
 */
export async function postRequest(
  asked: OutgoingRequest,
  { url, serviceBus, agent, follow }: Service,
  signal: AbortSignal,
): Promise<Answer> {
  if ('target' in asked) return sendMessage(asked, serviceBus);
  let opened: Awaited<ReturnType<OutgoingRequest['open']>>;
  try {
    opened = await asked.open();
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
  const { bytes, content } = opened;
  const hash = createHash('sha256');
  let unreadable: Error | undefined;

  const outgoing = request(new URL(asked.path, url), {
    method: asked.method ?? 'POST',
    agent,
    signal,
    headers: { ...asked.headers, 'content-length': bytes },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  const sent = pipeline(
    content,
    (chunks) => checked(chunks, bytes, hash.update.bind(hash), (e) => (unreadable = e)),
    outgoing,
  );
  sent.catch(() => undefined); // seen as the request's own error, or as an answer that came first

  try {
    const response = await answered;
    const body = await json(response).catch(() => undefined);
    if (!outgoing.writableFinished) outgoing.destroy();
    return {
      kind: 'answered',
      status: response.statusCode ?? 0,
      id: follow?.idInAnswer(body),
      sha256: hash.digest('hex'),
      retryAfterMs: readSeconds(response.headers['retry-after']),
      problem: problemIn(body),
    };
  } catch (error) {
    if (unreadable) return { kind: 'unreadable', reason: unreadable.message };
    return { kind: 'unanswered', reason: (error as Error).message };
  } finally {
    content.destroy();
  }
}

async function sendMessage({ target, messageId, open }: MessageRequest, serviceBus = ''): Promise<Answer> {
  let body: Buffer;
  try {
    body = await buffer((await open()).content);
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
  const { putMessage } = await import('./put-message.ts'); // brings the Service Bus SDK, which few businesses need here
  try {
    await putMessage(serviceBus, { target, messageId, body });
  } catch (error) {
    return { kind: 'unanswered', reason: (error as Error).message };
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { kind: 'answered', status: 202, id: messageId, sha256, retryAfterMs: undefined };
}

/** Passes the content on and remembers a failure that is the content's own, not the connection's. */
async function* checked(
  content: AsyncIterable<Buffer> | Readable,
  bytes: number,
  see: (chunk: Buffer) => unknown,
  blame: (error: Error) => void,
): AsyncGenerator<Buffer> {
  let read = 0;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      read += chunk.length;
      see(chunk);
      yield chunk;
    }
    if (read !== bytes) throw new Error(`it changed while it was read: ${read} of ${bytes} bytes`);
  } catch (error) {
    blame(error as Error);
    throw error;
  }
}

function problemIn(body: unknown): string | undefined {
  const { title, detail } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return [title, detail].filter((text) => typeof text === 'string').join(': ') || undefined;
}

const readSeconds = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
