import rhea, { type Typed } from 'rhea';
import type { QueuedMessage } from '../entity/message.ts';
import { decodeItems, decodeMap, encodeList, encodeStringMap, encodeSymbolMap } from './encoding.ts';
import { sectionCodes } from './message-sections.ts';

const DELIVERY_COUNT = 4;
/** Values of `x-opt-message-state`. */
const [ACTIVE, SCHEDULED] = [0, 2];

/**
 * Encodes a message for a receiver: header and annotations anew, the sender's sections as they came, application
 * properties anew only when a settlement changed them.
 */
export function writeMessage(message: QueuedMessage, { withBody = true } = {}): Buffer {
  const { properties, body } = message.content.sections;
  const parts = [writeHeader(message), writeAnnotations(message), properties, writeApplicationProperties(message)];
  return Buffer.concat(withBody ? [...parts, body] : parts);
}

function writeHeader({ content, deliveryCount }: QueuedMessage): Buffer {
  const given = decodeItems(content.sections.header);
  const fields = Array.from({ length: DELIVERY_COUNT }, (_, at) => given[at]);
  return encodeList(sectionCodes.header, [...fields, rhea.types.wrap_uint(deliveryCount)]);
}

function writeAnnotations(message: QueuedMessage): Buffer {
  const { types } = rhea;
  const annotations: Record<string, Typed> = {
    ...decodeMap(message.content.sections.annotations),
    'x-opt-sequence-number': types.wrap_long(message.sequenceNumber),
    'x-opt-enqueue-sequence-number': types.wrap_long(message.enqueuedSequenceNumber),
    'x-opt-enqueued-time': types.wrap_timestamp(message.enqueuedAt),
    'x-opt-message-state': types.wrap_int(message.wasScheduled ? SCHEDULED : ACTIVE),
  };
  if (message.lock) annotations['x-opt-locked-until'] = types.wrap_timestamp(message.lock.until);
  if (message.deadLetterSource) annotations['x-opt-deadletter-source'] = types.wrap_string(message.deadLetterSource);
  return encodeSymbolMap(sectionCodes.annotations, annotations);
}

function writeApplicationProperties({ content, changedProperties }: QueuedMessage): Buffer {
  const given = content.sections.applicationProperties;
  if (Object.keys(changedProperties).length === 0) return given ?? Buffer.alloc(0);
  return encodeStringMap(sectionCodes.applicationProperties, { ...decodeMap(given), ...changedProperties });
}
