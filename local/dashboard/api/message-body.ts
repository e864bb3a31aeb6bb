import rhea from 'rhea';
import { decodeItems } from '../../service-bus/wire/encoding.ts';
import type { BrokerQueue } from './broker-queues.ts';
import type { MessageFacts } from './contract.ts';

type Message = ReturnType<BrokerQueue['peek']>[number];

/** The place of the content type in the properties of an AMQP message. */
const CONTENT_TYPE = 6;

export function contentTypeOf({ content }: Message): string | undefined {
  const value: unknown = decodeItems(content.sections.properties)[CONTENT_TYPE]?.value;
  return value === undefined || value === null ? undefined : String(value);
}

/** The body as bytes; as text too where it is UTF-8, for people. */
export function bodyOf({ content }: Message): MessageFacts['body'] {
  const bytes = bytesIn(rhea.message.decode(content.sections.body).body);
  const base64 = bytes.toString('base64');
  const text = decoded(bytes);
  if (text === undefined) return { base64 };
  return { base64, text, json: isJson(text) };
}

/** A data section holds bytes; a value may be anything that AMQP knows. */
function bytesIn(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  const data = (body as { content?: unknown } | undefined)?.content ?? body;
  if (Buffer.isBuffer(data)) return data;
  if (Array.isArray(data) && data.every(Buffer.isBuffer)) return Buffer.concat(data);
  return Buffer.from(typeof data === 'string' ? data : (JSON.stringify(data) ?? ''));
}

function decoded(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\u0000') ? undefined : text;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
