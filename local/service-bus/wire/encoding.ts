import rhea, { type Typed } from 'rhea';
import { BrokerError, conditions } from '../entity/broker-error.ts';
import { codec } from './rhea-internals.ts';

/** A decoded AMQP list or map keeps the type of each of its values. */
type Items = readonly (Typed | undefined)[];

/**
 * Decodes one section and answers the values of its list, or the keys and values of its map in turn. Throws `BrokerError`
 * when the bytes make no sense.
 */
export function decodeItems(section: Buffer | undefined): Items {
  if (section === undefined) return [];
  try {
    const { value } = new codec.Reader(section).read();
    return Array.isArray(value) ? value : [];
  } catch (error) {
    throw new BrokerError(conditions.decode, `The message cannot be decoded: ${(error as Error).message}`);
  }
}

/** Decodes a map section. Its values keep their types, so that what is written again is what was read. */
export function decodeMap(section: Buffer | undefined): Record<string, Typed> {
  const items = decodeItems(section);
  const entries: Record<string, Typed> = {};
  for (let at = 0; at + 1 < items.length; at += 2) {
    const [key, value] = [items[at], items[at + 1]];
    if (key && value) entries[String(key.value)] = value;
  }
  return entries;
}

/** Encodes a section that is a list. */
export function encodeList(code: number, items: Items): Buffer {
  return encode(code, rhea.types.wrap_list([...items]));
}

/** Encodes a section that is a map with symbols as keys. */
export function encodeSymbolMap(code: number, entries: object): Buffer {
  return encode(code, rhea.types.wrap_symbolic_map(entries));
}

/** Encodes a section that is a map with strings as keys. */
export function encodeStringMap(code: number, entries: object): Buffer {
  return encode(code, rhea.types.wrap_map(entries));
}

function encode(code: number, value: Typed): Buffer {
  const writer = new codec.Writer();
  writer.write(rhea.types.described(rhea.types.wrap_ulong(code), value));
  return writer.toBuffer();
}

/** A decoded number that may be a date, or eight bytes when JavaScript cannot hold it exactly. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value) && value.length === 8) return Number(value.readBigInt64BE());
  return undefined;
}
