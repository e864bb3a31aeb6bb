import { randomUUID } from 'node:crypto';
import rhea, { type Typed } from 'rhea';
import { BrokerError, conditions } from '../entity/broker-error.ts';
import type { MessageContent } from '../entity/message.ts';
import { binaryProperty, checkHeader, checkProperties } from '../entity/property-limits.ts';
import { decodeItems, decodeMap, encodeList, toNumber } from './encoding.ts';
import { dataOf, type Section, sectionCodes, splitSections } from './message-sections.ts';

/** Message format of a batch: each data section is a whole message. */
const BATCH_FORMAT = 0x80013700;
const [TTL, MESSAGE_ID, GROUP_ID] = [2, 0, 10];
const BINARY_CODES = new Set([0xa0, 0xb0]);

/** Reads a transfer: one message, or all messages of a batch. Throws `BrokerError` when the bytes are neither. */
export function readTransfer(bytes: Buffer, format: number): MessageContent[] {
  if (format !== BATCH_FORMAT) return [readMessage(bytes)];
  // The batch's own properties repeat those of its first message and mean nothing.
  const inner = splitSections(bytes).filter((section) => section.code === sectionCodes.data);
  if (inner.length === 0) throw new BrokerError(conditions.decode, 'The batch holds no messages.');
  return inner.map((section) => readMessage(dataOf(section)));
}

/**
 * Reads one encoded message and keeps its bytes as they are. Throws `BrokerError` beyond Azure's limits on properties. A message id is made up where there is none: Service Bus does
 * the same, and the SDK can neither settle nor renew a message without one.
 */
export function readMessage(encoded: Buffer): MessageContent {
  // A copy: a slice would keep the whole chunk that came from the socket.
  const bytes = Buffer.from(encoded);
  const sections = splitSections(bytes);
  const find = (code: number): Section | undefined => sections.find((section) => section.code === code);
  const body = sections.find((section) => section.code >= sectionCodes.data);
  const annotations = find(sectionCodes.annotations)?.bytes;
  const header = find(sectionCodes.header)?.bytes;
  const given = find(sectionCodes.properties)?.bytes;
  const fields = decodeItems(given);
  const id = fields[MESSAGE_ID]?.value ?? undefined;
  const messageId = id === undefined ? randomUUID().replaceAll('-', '') : textOf(id);
  const applicationProperties = find(sectionCodes.applicationProperties)?.bytes;
  checkHeader(body?.start ?? bytes.length);
  checkTyped(decodeMap(applicationProperties));

  return {
    messageId,
    sessionId: fields[GROUP_ID]?.value ?? undefined,
    timeToLiveMs: toNumber(decodeItems(header)[TTL]?.value),
    scheduledFor: toNumber(decodeMap(annotations)['x-opt-scheduled-enqueue-time']?.value),
    size: bytes.length,
    sections: {
      header,
      annotations,
      properties:
        given && id !== undefined
          ? given
          : encodeList(sectionCodes.properties, [rhea.types.wrap_string(messageId), ...fields.slice(1)]),
      applicationProperties,
      body: bytes.subarray(body?.start ?? bytes.length),
    },
  };
}

function checkTyped(properties: Readonly<Record<string, Typed>>): void {
  const values = Object.entries(properties).map(([name, { type, value }]) => {
    if (BINARY_CODES.has(type.typecode)) throw binaryProperty(name);
    return [name, value];
  });
  checkProperties(Object.fromEntries(values));
}

function textOf(id: unknown): string {
  return Buffer.isBuffer(id) ? id.toString('hex') : String(id);
}
